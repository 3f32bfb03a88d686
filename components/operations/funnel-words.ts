import { formatChange, formatNumber } from '@/components/ui/format';
import type { MetricKey } from '@/server/observability/metric-catalogue';
import type { UsualBand } from '@/server/observability/operations.schema';

/** The metric of each step of a visit after the first: its share of the live visits. */
export const STEP_METRICS: Readonly<Record<string, MetricKey>> = {
  viewed: 'viewedShare',
  added: 'addedShare',
  checkout: 'checkoutShare',
  ordered: 'orderedShare',
};

/** How many fewer live visits are at a step than at the one before; null where nobody is at the one before. */
export function dropWords(live: number, before: number): string | null {
  if (before <= 0) return null;
  const size = shown((Math.abs(live - before) / before) * 100);
  const change = live < before ? -size : size;
  return `${formatChange(change, Number.isInteger(size) ? 0 : 1)} % from step before`;
}

export interface ShareWords {
  text: string;
  /** how it stands to what is usual; null: within, or not known what is */
  outside: 'below' | 'above' | null;
}

/** A step's share of the live visits, %, beside what is usual; null where the share is not known. */
export function shareWords(share: number | null, usual: UsualBand | undefined): ShareWords | null {
  if (share === null) return null;
  // Judged as it is shown, so that no "30 %" is ever below a "usual 30–42 %".
  const now = shown(share);
  const own = `${formatNumber(now)} % of live`;
  if (!usual) return { text: own, outside: null };
  const [low, high] = [shown(usual.low), shown(usual.high)];
  const outside = now < low ? 'below' : now > high ? 'above' : null;
  const span = low === high ? formatNumber(low) : `${formatNumber(low)}–${formatNumber(high)}`;
  return { text: `${own}, ${outside === null ? '' : `${outside} `}usual ${span} %`, outside };
}

/** What the small figures count, and what the usual ones were taken from. */
export function basisWords(usual: Partial<Record<MetricKey, UsualBand>>): string {
  const bases = new Set(Object.values(usual).map(({ basis }) => basis));
  const from =
    bases.size === 0
      ? 'What is usual shows after three quarters of an hour.'
      : `Usual: ${[...bases].join(' or ')}.`;
  return `Below each step: live visits only. ${from}`;
}

/** Whole, or to a tenth where whole ones would hide a difference: few, and nearly all. */
function shown(percent: number): number {
  const tenths = Math.round(percent * 10) / 10;
  return tenths < 10 || (tenths > 99 && tenths < 100) ? tenths : Math.round(tenths);
}
