import { ToneShape } from '@/components/ui/status-badge';
import type { MetricKey } from '@/server/observability/metric-catalogue';
import type { OperationsSnapshot, UsualBand } from '@/server/observability/operations.schema';
import styles from './funnel.module.css';
import { basisWords, dropWords, STEP_METRICS, shareWords } from './funnel-words';

type Usual = Partial<Record<MetricKey, UsualBand>> | undefined;

export interface StepAgainstProps {
  step: string;
  live: number;
  /** live visits at the step before; 0 for the first step */
  before: number;
  figures: OperationsSnapshot['figures'] | undefined;
  usual: Usual;
}

/** How many go no further than the step before, and whether as many as usual come this far. */
export function StepAgainst({ step, live, before, figures, usual }: StepAgainstProps) {
  const metric = STEP_METRICS[step];
  if (metric === undefined) return null;
  const drop = dropWords(live, before);
  const share = shareWords(figures?.[metric]?.value ?? null, usual?.[metric]);
  if (drop === null && share === null) return null;
  return (
    <span className={styles.against}>
      {drop && <span>{drop}</span>}
      {share && <Share {...share} />}
    </span>
  );
}

/** More than usual is good here: each step leads to an order. */
const TONES = { below: 'warn', above: 'good' } as const;

function Share({ text, outside }: NonNullable<ReturnType<typeof shareWords>>) {
  const tone = outside && TONES[outside];
  return (
    <span className={tone ? `${styles.mark} ${styles[tone]}` : styles.mark}>
      {tone && <ToneShape tone={tone} />}
      {text}
    </span>
  );
}

export function UsualBasis({ usual }: { usual: Usual }) {
  return usual && <p className={styles.basis}>{basisWords(usual)}</p>;
}
