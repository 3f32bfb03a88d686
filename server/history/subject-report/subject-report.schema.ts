import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';
import type { JsonObject } from '@/server/core/json';
import type { CardView } from '@/server/features/card-view.schema';
import type { SubjectConsent, SubjectLooks, SubjectPurpose } from '@/server/privacy';
import type { CcpaCategory } from './ccpa-categories';

/** Most of each kind that a report lists; what is left out is said in `cut`. */
export const MOST_EVENTS_COUNTED = 100_000;
export const MOST_EVENTS_LISTED = 200;
export const MOST_NAMES = 200;
export const MOST_DAYS = 400;
export const MOST_DECISIONS = 200;
export const MOST_LATE = 100;
export const MOST_CONTESTS = 500;
export const MOST_WAITS = 200;
export const MOST_ESCALATIONS = 200;

export const subjectReportInput = z.strictObject({
  customer: customerKeySchema,
  /** why it is made: stands in the audit */
  reason: z.string().trim().min(5, 'Say who asked for it, and how').max(500),
});
export type SubjectReportInput = z.infer<typeof subjectReportInput>;

export interface CountedEvents {
  total: number;
  /** ISO 8601; null: there are none */
  first: string | null;
  last: string | null;
  byName: { name: string; kind: string; events: number; first: string; last: string }[];
  /** days in the workspace's time zone, newest first */
  byDay: { day: string; events: number }[];
  bySource: { sourceId: string; name: string | null; platform: string; events: number; last: string }[];
}

export interface ListedEvent {
  at: string;
  key: string;
  name: string;
  kind: string;
  platform: string;
  properties: JsonObject;
}

/** A kind of fact counted from the events: visits, carts, orders, refunds. */
export interface CountedFact {
  kind: string;
  count: number;
  /** exact decimal text; null for facts without money */
  amount: string | null;
  currency: string | null;
  first: string;
  last: string;
}

export interface ListedDecision {
  id: string;
  at: string;
  key: string;
  rule: string;
  ruleVersion: number;
  purpose: string;
  action: JsonObject;
  inputs: JsonObject;
  /** what an agent did with it; null: nothing so far */
  response: string | null;
}

export interface ListedLink {
  from: string;
  to: string;
  at: string;
  /** a device that others use too: no part of this person, but an opt-out covers both */
  shared: boolean;
}

export interface LateOfSubject {
  at: string;
  name: string;
  key: string;
  latenessMs: number;
}

/** A label of the sentiment model on something the person said, contested by somebody who listened. */
export interface ContestOfSubject {
  at: string;
  key: string;
  contactId: string;
  turnId: string;
  turnAt: string;
  modelLabel: string;
  label: string;
  reason: string | null;
  withdrawn: boolean;
}

/** The person stands in the agents' queue as the report is made. */
export interface WaitNowOfSubject {
  key: string;
  /** contact, rule or cart */
  reason: string;
  /** the row's plain words */
  title: string;
  channel: string;
  since: string;
  /** value at risk, exact decimal text, with its currency */
  value: string | null;
  currency: string | null;
}

/** A wait for an agent that was taken, or passed its time. */
export interface WaitOfSubject {
  key: string;
  /** contact, rule or cart */
  reason: string;
  since: string;
  /** when it passed the time it might take; null: it did not */
  breachedAt: string | null;
  takenAt: string | null;
  takenBy: string | null;
  /** null: somebody has the person, or they still wait */
  endedAt: string | null;
  /** helped, notReached, released or left */
  outcome: string | null;
}

/** A step at which a wait in a chat or call was raised. */
export interface EscalationOfSubject {
  key: string;
  channel: 'chat' | 'call';
  since: string;
  /** of the time the wait might take */
  percent: number;
  to: 'agents' | 'supervisors';
  raisedAt: string;
  takenAt: string | null;
  takenBy: string | null;
  /** when the person left before anybody took them */
  leftAt: string | null;
}

/** What is noted of the live profile as it is stored. */
export interface StateNotesOfSubject {
  /** when it left by age: what came before is no longer part of it */
  left: { key: string; at: string }[];
  /** parts that were found to differ from what the events make them, and until when */
  differed: { key: string; parts: string[]; foundAt: string; seenAt: string; endedAt: string | null }[];
}

/** How long a kind of data is kept, and how old the oldest of this person is. */
export interface RetentionOfDataset {
  dataset: string;
  kept: string;
  oldest: string | null;
}

/** All that is held of one person. Times are ISO 8601, money is exact decimal text. */
export interface SubjectReport {
  format: 'millrace-subject-report';
  version: 1;
  madeAt: string;
  madeBy: string;
  reason: string;
  workspace: { name: string; timeZone: string };
  subject: { customer: string; keys: string[]; links: ListedLink[] };
  /** cards of the live store, one for each region and customer that any of the keys leads to */
  profiles: { region: string; card: CardView }[];
  events: CountedEvents & { listed: ListedEvent[] };
  late: LateOfSubject[];
  facts: CountedFact[];
  decisions: { total: number; listed: ListedDecision[] };
  contests: ContestOfSubject[];
  waits: { now: WaitNowOfSubject[]; total: number; listed: WaitOfSubject[] };
  escalations: { total: number; listed: EscalationOfSubject[] };
  stateNotes: StateNotesOfSubject;
  consent: SubjectConsent;
  purposes: SubjectPurpose[];
  retention: RetentionOfDataset[];
  looks: SubjectLooks;
  ccpa: {
    categories: CcpaCategory[];
    /** whether the person is on record as not to be sold or shared */
    doNotSell: boolean;
    /** when the last of the purposes concerned was denied everywhere; null when not on record */
    doNotSellSince: string | null;
  };
  /** what is left out, in words */
  cut: string[];
}
