import {
  ALLOWING_SIGNAL_DAYS,
  CONTEST_DAYS,
  RECORD_DAYS,
  WAIT_DAYS,
  WITHDRAWN_CONTEST_DAYS,
} from '../retention.repository';
import type { StatePolicy } from '../snapshots/state-policy.repository';
import type { RetentionOfDataset } from './subject-report.schema';

/** Times of the oldest of a person's data, ISO 8601; null: there is none. */
export interface Oldest {
  profile: string | null;
  events: string | null;
  facts: string | null;
  decisions: string | null;
  contests: string | null;
  waits: string | null;
  stateNotes: string | null;
  wishes: string | null;
  signals: string | null;
}

const NO_END = 'no end is set';

/** How long each dataset is kept by what is configured now, beside the oldest of this person. */
export function retentionOfDatasets(policy: StatePolicy, oldest: Oldest): RetentionOfDataset[] {
  const profile =
    policy.inactiveDays === null ? NO_END : `removed after ${policy.inactiveDays} days without an event`;
  return [
    { dataset: 'Live profile', kept: profile, oldest: oldest.profile },
    { dataset: 'Events in history', kept: NO_END, oldest: oldest.events },
    { dataset: 'Visits, carts, orders counted from events', kept: NO_END, oldest: oldest.facts },
    { dataset: 'Decisions', kept: NO_END, oldest: oldest.decisions },
    {
      dataset: 'Contested labels',
      kept: `${CONTEST_DAYS} days; ${WITHDRAWN_CONTEST_DAYS} after one is taken back`,
      oldest: oldest.contests,
    },
    {
      dataset: 'Waits for an agent, and what was raised of them',
      kept: `${WAIT_DAYS} days; what stands, until it ends`,
      oldest: oldest.waits,
    },
    {
      dataset: 'Notes on the live profile (left by age, found to differ)',
      kept: `the last of each kind; ${NO_END}`,
      oldest: oldest.stateNotes,
    },
    {
      dataset: 'Records of the log that are no events (links, moves)',
      kept: `${RECORD_DAYS} days`,
      oldest: null,
    },
    { dataset: 'Consent and requests', kept: 'kept as proof; no end is set', oldest: oldest.wishes },
    {
      dataset: 'Consent signals that came with events',
      kept: `as long as one denies something; else ${ALLOWING_SIGNAL_DAYS} days`,
      oldest: oldest.signals,
    },
    { dataset: 'Audit', kept: 'kept whole: a chain cannot be shortened', oldest: null },
  ];
}
