import { DAY_MS, MINUTE_MS } from '@/server/core/durations';
import { dpiaObstacle, type SignedRecord } from './dpia-standing';

/** Something with a date by which it must be done. */
export interface PrivacyClock {
  kind: 'optOut' | 'dpiaDue' | 'dpiaExpires' | 'dpiaMissing';
  /** id of the request, assessment or use case */
  id: string;
  title: string;
  detail: string;
  /** ms; null: at once */
  dueAt: number | null;
  urgency: 'overdue' | 'soon' | 'later';
}

const SOON_MS = 14 * DAY_MS;
/** An opt-out takes effect in well under a second: one that is still open after this is a failure. */
const OPT_OUT_PATIENCE_MS = MINUTE_MS;

function urgencyOf(dueAt: number, now: number): PrivacyClock['urgency'] {
  if (dueAt <= now) return 'overdue';
  return dueAt - now <= SOON_MS ? 'soon' : 'later';
}

export interface ClockSources {
  openOptOuts: readonly { id: string; customer: string; requestedAt: Date }[];
  dpias: readonly (SignedRecord & {
    id: string;
    title: string;
    dueAt: Date | null;
    useCases: readonly { id: string; title: string; stage: string }[];
  })[];
}

const RUNNING = new Set(['live', 'measured']);

/** Everything that runs against a clock, most urgent first. */
export function privacyClocks({ openOptOuts, dpias }: ClockSources, now: number): PrivacyClock[] {
  const clocks: PrivacyClock[] = openOptOuts.map(({ id, customer, requestedAt }) => {
    const dueAt = requestedAt.getTime() + OPT_OUT_PATIENCE_MS;
    const urgency = dueAt <= now ? 'overdue' : 'soon';
    return {
      kind: 'optOut',
      id,
      title: `Opt-out of ${customer}`,
      detail: 'not yet acknowledged',
      dueAt,
      urgency,
    };
  });
  for (const dpia of dpias) clocks.push(...clocksOfDpia(dpia, now));
  const rank = { overdue: 0, soon: 1, later: 2 };
  return clocks.sort((a, b) => rank[a.urgency] - rank[b.urgency] || (a.dueAt ?? 0) - (b.dueAt ?? 0));
}

function clocksOfDpia(dpia: ClockSources['dpias'][number], now: number): PrivacyClock[] {
  const { id, title } = dpia;
  const clocks: PrivacyClock[] = [];
  const obstacle = dpiaObstacle(dpia, now);
  const running = dpia.useCases.filter(({ stage }) => RUNNING.has(stage));
  if (obstacle !== null && running.length > 0) {
    const detail = `${running.map((useCase) => useCase.title).join(', ')}: rules are stopped. ${obstacle}`;
    clocks.push({
      kind: 'dpiaMissing',
      id,
      title: `DPIA “${title}”`,
      detail,
      dueAt: null,
      urgency: 'overdue',
    });
  }
  if (dpia.dueAt !== null && obstacle !== null) {
    const dueAt = dpia.dueAt.getTime();
    clocks.push({
      kind: 'dpiaDue',
      id,
      title: `DPIA “${title}”`,
      detail: 'due',
      dueAt,
      urgency: urgencyOf(dueAt, now),
    });
  }
  if (dpia.validUntil !== null) {
    const dueAt = dpia.validUntil.getTime();
    clocks.push({
      kind: 'dpiaExpires',
      id,
      title: `DPIA “${title}”`,
      detail: 'signature lapses',
      dueAt,
      urgency: urgencyOf(dueAt, now),
    });
  }
  return clocks;
}
