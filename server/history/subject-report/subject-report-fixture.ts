import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import { shardsOf } from '@/server/identity';
import { testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { add, event, run, START } from '@/server/processors/pump-fixtures';
import { partitionKeys } from '@/server/scaling';

export type PlantedWorkspace = Awaited<ReturnType<typeof testWorkspace>> & {
  shardId: number;
  partitions: number;
};

export async function workspaceWith(deps: Deps, slug: string): Promise<PlantedWorkspace> {
  const workspace = await testWorkspace(deps, slug);
  const [shard] = await shardsOf(deps, workspace.workspaceId);
  return { ...workspace, shardId: shard?.shardId ?? 0, partitions: shard?.partitions ?? 1 };
}

const placeOf = ({ workspaceId, shardId, partitions }: PlantedWorkspace, customer: string) => ({
  workspaceId,
  shardId,
  partition: partitionOf(customer, partitions),
});

let written = 0;

export async function plantEvent(
  deps: Deps,
  workspace: PlantedWorkspace,
  customer: string,
  name: string,
  properties: JsonObject = {},
) {
  written += 1;
  const at = new Date(START + written * 1_000);
  await withWorkspace(deps.db, workspace.workspaceId, (tx) =>
    tx.historyEvent.create({
      data: {
        ...placeOf(workspace, customer),
        position: `${at.getTime()}-0/${written}`,
        loggedAt: at,
        eventAt: at,
        customer,
        messageId: `m-${written}`,
        sourceId: 'source_shop',
        kind: 'track',
        name,
        platform: 'web',
        properties,
      },
    }),
  );
}

export async function plantOutputs(deps: Deps, workspace: PlantedWorkspace, customer: string, name: string) {
  written += 1;
  const at = new Date(START + written * 1_000);
  const row = { ...placeOf(workspace, customer), position: `${at.getTime()}-0/${written}`, customer };
  await withWorkspace(deps.db, workspace.workspaceId, async (tx) => {
    await tx.historyFact.create({
      data: { ...row, kind: 'order', at, sign: 1, amount: '12.5', currency: 'EUR' },
    });
    await tx.lateEvent.create({
      data: {
        ...row,
        messageId: `late-${written}`,
        name,
        eventAt: at,
        loggedAt: at,
        latenessMs: 700_000,
        published: {},
        corrected: {},
      },
    });
    await tx.decision.create({
      data: {
        ...row,
        id: `decision-${customer}-${written}`,
        ruleId: `rule-${workspace.workspaceId}`,
        ruleVersion: 2,
        purpose: 'service',
        action: { kind: 'service', title: name, reason: `because of ${name}` },
        inputs: { cart: '12.5' },
        provisional: false,
        eventAt: at,
        decidedAt: at,
      },
    });
  });
}

/** A contested label, and a signal that came with an event; the record of consent is as the signal left it. */
export async function plantWords(
  deps: Deps,
  { workspaceId, actor }: PlantedWorkspace,
  customer: string,
  reason: string,
) {
  const at = new Date(START);
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    await tx.labelContest.create({
      data: {
        id: `contest-${workspaceId}-${customer}`,
        workspaceId,
        customer,
        contactId: 'call-1',
        turnId: 't1',
        turnAt: at,
        modelLabel: 'negative',
        modelScore: -0.5,
        modelConfidence: 0.6,
        model: 'm',
        modelVersion: '1',
        label: 'neutral',
        reason,
        userId: actor('agent').userId,
        at,
      },
    });
    const signal = { workspaceId, customer, kind: 'tcf', denied: ['personalisation'], at, takenAt: at };
    await tx.consentSignal.create({ data: signal });
    await tx.consent.create({
      data: { workspaceId, customer, denied: [], signalled: ['personalisation'], version: 1, updatedAt: at },
    });
  });
}

/** A wait that stands in the queue, one that an agent took after it was raised, and notes on the stored state. */
export async function plantWaits(deps: Deps, workspace: PlantedWorkspace, customer: string, title: string) {
  const { workspaceId, actor } = workspace;
  const { shardId, partition } = placeOf(workspace, customer);
  const [since, taken] = [new Date(START), new Date(START + 90_000)];
  const agent = { takenById: actor('agent').userId, takenAt: taken };
  const id = `${workspaceId}-${customer}`;
  const entry = { customer, reason: 'cart', title, since: START, channel: 'web', at: START, value: '12.5' };
  await deps.logRedis.hset(
    partitionKeys(shardId, partition).queue,
    customer,
    JSON.stringify({ ...entry, currency: 'EUR' }),
  );
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    const wait = { id, workspaceId, customer, reason: 'contact', enteredAt: since, breachedAt: taken };
    await tx.queueClaim.create({ data: { ...wait, ...agent, doneAt: taken, outcome: 'helped' } });
    const step = { id, workspaceId, customer, channel: 'chat', waitedSince: since, dueAt: taken };
    await tx.queueEscalation.create({
      data: { ...step, ...agent, percent: 150, raisedTo: 'supervisors', raisedAt: taken },
    });
    const state = { workspaceId, customer, shardId, partition };
    await tx.stateEviction.create({ data: { ...state, offset: '1-0', evictedAt: since } });
    await tx.stateDivergence.create({
      data: { ...state, foundAt: since, seenAt: taken, parts: [title] },
    });
  });
}

/** Further waits that nobody took, each a second after the one before it. */
export async function plantManyWaits(
  deps: Deps,
  { workspaceId }: PlantedWorkspace,
  customer: string,
  count: number,
) {
  const times = Array.from({ length: count }, (_, index) => new Date(START + index * 1_000));
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    const wait = { workspaceId, customer, reason: 'contact', outcome: 'left' };
    await tx.queueClaim.createMany({
      data: times.map((at, index) => ({ ...wait, id: `many-${index}`, enteredAt: at, doneAt: at })),
    });
    const step = { workspaceId, customer, channel: 'call', percent: 80, raisedTo: 'agents' };
    await tx.queueEscalation.createMany({
      data: times.map((at, index) => ({
        ...step,
        id: `many-${index}`,
        ...{ waitedSince: at, dueAt: at, raisedAt: at, leftAt: at },
      })),
    });
  });
}

export async function plantRule(deps: Deps, { workspaceId, actor }: PlantedWorkspace, name: string) {
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.rule.create({
      data: {
        id: `rule-${workspaceId}`,
        workspaceId,
        name,
        definition: {},
        createdById: actor('ops').userId,
      },
    }),
  );
}

/** The live profile, as the processors make it from these events. */
export async function plantProfile(
  deps: Deps,
  workspace: PlantedWorkspace,
  customer: string,
  traits: JsonObject,
) {
  const identify = event('', 0, traits, { c: customer, y: 'identify' });
  const state = run([identify, add(1, {}, { c: customer })]).state(customer);
  const { shardId, partition } = placeOf(workspace, customer);
  await deps.logRedis.hset(partitionKeys(shardId, partition).state, customer, JSON.stringify(state));
}
