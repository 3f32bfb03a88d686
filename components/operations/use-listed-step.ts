import { useMay } from '@/components/shell/person';
import { useAddressParam } from '@/components/ui/address';
import type { FunnelStep } from '@/server/processors/funnel-step.schema';
import { STEPS } from './funnel-steps';

interface ListedStep {
  step: FunnelStep | undefined;
  /** null: none any more; absent: this person may not see whose visits they are */
  list: ((step: string | null) => void) | undefined;
}

/** The step of the funnel whose live visits are listed, which stands in the address. */
export function useListedStep(): ListedStep {
  const [listed, setListed] = useAddressParam('visits');
  if (!useMay()('visit.read')) return { step: undefined, list: undefined };
  return { step: STEPS.find((each) => each === listed), list: setListed };
}
