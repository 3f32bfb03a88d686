import type { StatePolicy } from '../snapshots/state-policy.repository';
import type { RetentionOfDataset } from './subject-report.schema';

/** Times of the oldest of a person's data, ISO 8601; null: there is none. */
export interface Oldest {
  profile: string | null;
  events: string | null;
  facts: string | null;
  decisions: string | null;
  wishes: string | null;
}

const NO_END = 'no end is set';

/** How long each dataset is kept by what is configured now, beside the oldest of this person. */
export function retentionOfDatasets(
  policy: StatePolicy,
  recordDays: number,
  oldest: Oldest,
): RetentionOfDataset[] {
  const profile =
    policy.inactiveDays === null ? NO_END : `removed after ${policy.inactiveDays} days without an event`;
  return [
    { dataset: 'Live profile', kept: profile, oldest: oldest.profile },
    { dataset: 'Events in history', kept: NO_END, oldest: oldest.events },
    { dataset: 'Visits, carts, orders counted from events', kept: NO_END, oldest: oldest.facts },
    { dataset: 'Decisions', kept: NO_END, oldest: oldest.decisions },
    {
      dataset: 'Records of the log that are no events (links, moves)',
      kept: `${recordDays} days`,
      oldest: null,
    },
    { dataset: 'Consent and requests', kept: 'kept as proof; no end is set', oldest: oldest.wishes },
    { dataset: 'Audit', kept: 'kept whole: a chain cannot be shortened', oldest: null },
  ];
}
