import { partitionOf } from '@/server/core/partition';
import { type CardView, knownShards, readCards } from '@/server/features';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import {
  consentOfSubject,
  isNotSold,
  linkedKeysOf,
  looksAtSubject,
  MAX_KEYS,
  notSoldSince,
  purposesOfSubject,
  writeAudit,
} from '@/server/privacy';
import { boundedKey } from '../copy-text';
import { readStatePolicy } from '../snapshots/state-policy.repository';
import { readTimeline } from '../timeline.repository';
import { ccpaCategories } from './ccpa-categories';
import { eventsOf } from './count-events';
import { type Oldest, retentionOfDatasets } from './retention-of-datasets';
import {
  contestsOfKeys,
  countEvents,
  countFacts,
  decisionSpan,
  decisionsOfKeys,
  lateOfKeys,
  linksOfKeys,
  type Place,
  sourceNames,
  stateNotesOfKeys,
  workspaceOf,
} from './subject-report.repository';
import {
  type ContestOfSubject,
  type CountedFact,
  type ListedDecision,
  MOST_CONTESTS,
  MOST_DECISIONS,
  MOST_EVENTS_LISTED,
  MOST_LATE,
  type StateNotesOfSubject,
  type SubjectReport,
  type SubjectReportInput,
} from './subject-report.schema';
import { waitsOfSubject } from './waits-of-subject.service';

const MOST_LINKS = 1_000;
/** Keys whose live profile is looked up; keys of one person lead to the same one. */
const MOST_PROFILE_KEYS = 50;

/** The parts of a report, as the audit names what was shown. */
const PARTS = [
  'keys',
  'profile in clear',
  'events',
  'facts',
  'decisions',
  'contested labels',
  'waits for an agent',
  'escalations',
  'notes on the stored profile',
  'consent and requests',
  'purposes',
  'retention',
  'who looked',
];

/**
 * All that is held of a person, over all linked keys, unmasked. Being made is on record, with its reason, before anything
 * is read; that entry is among the looks it lists.
 */
export async function makeSubjectReport(
  deps: Deps,
  person: Pick<PersonActor, 'workspaceId' | 'userId' | 'name'>,
  { customer, reason }: SubjectReportInput,
): Promise<SubjectReport> {
  const { workspaceId } = person;
  const madeAt = new Date(deps.now()).toISOString();
  await writeAudit(deps, {
    workspaceId,
    actorKind: 'person',
    actorId: person.userId,
    action: 'subject.reported',
    subject: customer,
    reason,
    details: { parts: PARTS },
  });
  const gathered = await gather(deps, workspaceId, customer);
  const { workspace, keys, held, profiles, waited, stateNotes, consent, looks } = gathered;
  return {
    format: 'millrace-subject-report',
    version: 1,
    madeAt,
    madeBy: person.name,
    reason,
    workspace,
    subject: { customer, keys, links: held.links },
    profiles,
    events: held.events,
    late: held.late,
    facts: held.facts,
    decisions: held.decisions,
    contests: held.contests,
    waits: waited.waits,
    escalations: waited.escalations,
    stateNotes,
    consent,
    purposes: await purposesOfSubject(deps, workspaceId, consent.denied),
    retention: retentionOfDatasets(gathered.policy, oldestOfEach(gathered)),
    looks,
    ccpa: ccpaOf(gathered),
    cut: cutOf(gathered),
  };
}

type Gathered = Awaited<ReturnType<typeof gather>>;

async function gather(deps: Deps, workspaceId: string, customer: string) {
  const [{ keys, shards }, workspace, policy] = await Promise.all([
    linkedKeysOf(deps, workspaceId, customer),
    workspaceOf(deps, workspaceId),
    readStatePolicy(deps, workspaceId),
  ]);
  const places = shards.flatMap(({ id, partitions }) =>
    keys.map((key) => ({ shardId: id, partition: partitionOf(key, partitions) })),
  );
  const [held, profiles, waited, stateNotes, consent, looks] = await Promise.all([
    heldInHistory(deps, workspaceId, keys, places, workspace.timeZone),
    profilesOf(deps, workspaceId, keys),
    waitsOfSubject(deps, workspaceId, keys, shards),
    stateNotesOfKeys(deps, workspaceId, keys).then(stateNotesOf),
    consentOfSubject(deps, workspaceId, keys),
    looksAtSubject(deps, workspaceId, keys),
  ]);
  return { workspace, policy, keys, held, profiles, waited, stateNotes, consent, looks };
}

function oldestOfEach({ held, profiles, waited, stateNotes, consent }: Gathered): Oldest {
  return {
    profile: oldestOf(profiles.map(({ card }) => isoOf(card.firstSeenAt))),
    events: held.events.first,
    facts: oldestOf(held.facts.map(({ first }) => first)),
    decisions: held.firstDecision,
    contests: oldestOf(held.contests.map(({ at }) => at)),
    waits: oldestOf([waited.oldest, ...waited.waits.now.map(({ since }) => since)]),
    stateNotes: oldestOf([
      ...stateNotes.left.map(({ at }) => at),
      ...stateNotes.differed.map(({ foundAt }) => foundAt),
    ]),
    wishes: oldestOf(consent.wishes.map(({ requestedAt }) => requestedAt)),
    signals: oldestOf(consent.signals.map(({ at }) => at)),
  };
}

function ccpaOf({ keys, held, profiles, waited, consent }: Gathered): SubjectReport['ccpa'] {
  const doNotSell = isNotSold(consent.denied);
  return {
    categories: ccpaCategories({
      keys,
      traits: profiles.flatMap(({ card }) => card.traits.map(({ name }) => name)),
      events: held.events.byName,
      facts: held.facts.map(({ kind }) => kind),
      conversations: profiles.reduce((sum, { card }) => sum + card.contacts.length, 0),
      waits: waited.waits.total + waited.waits.now.length,
      decisions: held.decisions.listed.map(({ rule }) => rule),
    }),
    doNotSell,
    doNotSellSince: doNotSell ? notSoldSince(consent.wishes) : null,
  };
}

function cutOf({ keys, held, waited, consent, looks }: Gathered): string[] {
  return [
    ...held.cut,
    ...waited.cut,
    ...(keys.length >= MAX_KEYS ? [`Keys: the search ended at ${MAX_KEYS}.`] : []),
    ...(keys.length > MOST_PROFILE_KEYS ? [`Live profile: of ${MOST_PROFILE_KEYS} of the keys.`] : []),
    ...(consent.wishesCut ? [`Requests: the newest ${consent.wishes.length}.`] : []),
    ...(looks.cut ? [`Who looked: the newest ${looks.rows.length} of ${looks.total}.`] : []),
  ];
}

async function heldInHistory(
  deps: Deps,
  workspaceId: string,
  keys: readonly string[],
  places: readonly Place[],
  timeZone: string,
) {
  // History keeps keys that are too long for an index cut short.
  const kept = keys.map(boundedKey);
  const [counts, rows, facts, late, decisions, span, contests, links] = await Promise.all([
    countEvents(deps, workspaceId, kept, timeZone),
    readTimeline(deps, workspaceId, kept, null, MOST_EVENTS_LISTED),
    countFacts(deps, workspaceId, kept, places),
    lateOfKeys(deps, workspaceId, kept, places, MOST_LATE + 1),
    decisionsOfKeys(deps, workspaceId, kept, MOST_DECISIONS),
    decisionSpan(deps, workspaceId, kept),
    contestsOfKeys(deps, workspaceId, keys, MOST_CONTESTS + 1),
    linksOfKeys(deps, workspaceId, kept, MOST_LINKS),
  ]);
  const sourceIds = counts.flatMap(({ sourceId }) => sourceId ?? []);
  const { counted, cut } = eventsOf(counts, await sourceNames(deps, workspaceId, sourceIds));
  const listed = rows.map(({ at, customer, messageId: _, ...event }) => ({
    ...event,
    at: new Date(at).toISOString(),
    key: customer,
  }));
  return {
    events: { ...counted, listed },
    facts: facts.map((fact): CountedFact => ({ ...fact, ...timesOf(fact) })),
    late: late
      .slice(0, MOST_LATE)
      .map(({ at, customer, ...row }) => ({ ...row, key: customer, at: at.toISOString() })),
    decisions: { total: span.total, listed: decisions.map(decisionOf) },
    contests: contests.slice(0, MOST_CONTESTS).map(contestOf),
    firstDecision: span.first?.toISOString() ?? null,
    links: links.map(({ at, ...link }) => ({ ...link, at: at.toISOString() })),
    cut: [
      ...cut,
      ...(counted.total > listed.length ? [`Events listed one by one: the newest ${listed.length}.`] : []),
      ...(late.length > MOST_LATE ? [`Late events: the newest ${MOST_LATE}.`] : []),
      ...(span.total > decisions.length
        ? [`Decisions: the newest ${decisions.length} of ${span.total}.`]
        : []),
      ...(contests.length > MOST_CONTESTS ? [`Contested labels: the newest ${MOST_CONTESTS}.`] : []),
      ...(links.length >= MOST_LINKS ? [`Links of keys: the first ${MOST_LINKS}.`] : []),
    ],
  };
}

const timesOf = ({ first, last }: { first: Date; last: Date }) => ({
  first: first.toISOString(),
  last: last.toISOString(),
});

type Decision = Awaited<ReturnType<typeof decisionsOfKeys>>[number];

function decisionOf({ customer, ruleId, ruleName, decidedAt, ...decision }: Decision): ListedDecision {
  return { ...decision, key: customer, rule: ruleName ?? ruleId, at: decidedAt.toISOString() };
}

type Contest = Awaited<ReturnType<typeof contestsOfKeys>>[number];

function contestOf({ at, customer, turnAt, withdrawnAt, ...said }: Contest): ContestOfSubject {
  return {
    ...said,
    key: customer,
    at: at.toISOString(),
    turnAt: turnAt.toISOString(),
    withdrawn: withdrawnAt !== null,
  };
}

type StateNotes = Awaited<ReturnType<typeof stateNotesOfKeys>>;

const stateNotesOf = ({ evictions, divergences }: StateNotes): StateNotesOfSubject => ({
  left: evictions.map(({ customer, evictedAt }) => ({ key: customer, at: evictedAt.toISOString() })),
  differed: divergences.map(({ customer, parts, foundAt, seenAt, endedAt }) => ({
    key: customer,
    parts,
    foundAt: foundAt.toISOString(),
    seenAt: seenAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  })),
});

/** Live profiles, one for each region and customer the keys lead to. */
async function profilesOf(
  deps: Deps,
  workspaceId: string,
  keys: readonly string[],
): Promise<{ region: string; card: CardView }[]> {
  const looked = keys.slice(0, MOST_PROFILE_KEYS);
  const found = await Promise.all(
    (await knownShards(deps, workspaceId)).map(async (shard) => {
      const cards = (await readCards(deps, shard, looked)).filter((card) => card !== null);
      const byCustomer = new Map(cards.map((card) => [card.customer, card]));
      return [...byCustomer.values()].map((card) => ({ region: shard.region, card }));
    }),
  );
  return found.flat();
}

const isoOf = (ms: number): string | null => (ms > 0 ? new Date(ms).toISOString() : null);

function oldestOf(times: readonly (string | null)[]): string | null {
  return times.filter((time) => time !== null).sort()[0] ?? null;
}
