import { beforeAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { listAudit } from '@/server/privacy/audit.service';
import { event, run, START } from '@/server/processors/pump-fixtures';
import { partitionKeys } from '@/server/scaling';
import { type AudienceInput, MAX_AUDIENCES } from './audience.schema';
import { addAudience, audiences, editAudience, removeAudience } from './audience.service';
import { audiencePreview, membersNow } from './audience-members.service';
import type { RuleInput } from './rule.schema';
import { addRule, editRule, ruleList, ruleVersions } from './rule.service';
import { rulePatterns } from './rule-pattern.service';
import { trialOfRule } from './rule-trial.service';

type Workspace = Awaited<ReturnType<typeof testWorkspace>>;

const RETURNING: AudienceInput = {
  name: 'Returning',
  description: 'Bought before',
  condition: 'card.orders > 0',
};
const DEFINITION: RuleInput['definition'] = {
  when: ['Payment Failed'],
  if: 'card.count("Payment Failed", 5) >= 3',
  // biome-ignore lint/suspicious/noThenProperty: the word of the domain, never awaited
  then: { kind: 'service', title: 'Call the customer', reason: 'Payment failed' },
  purpose: 'service',
  coolDownSeconds: 60,
  priority: 50,
  queue: true,
};

let deps: Deps;
let north: Workspace;
let south: Workspace;

beforeAll(async () => {
  deps = await testDeps();
  north = await testWorkspace(deps, 'north');
  south = await testWorkspace(deps, 'south');
});

const ops = (workspace: Workspace = north) => workspace.actor('ops');
const ruleFor = (audienceId: string | null, name = 'Payment failed'): RuleInput => ({
  name,
  definition: DEFINITION,
  useCaseId: null,
  audienceId,
});

async function ruleNamed(name: string) {
  const { rules } = await ruleList(deps, north.workspaceId);
  return rules.find((rule) => rule.name === name);
}

describe('an audience', () => {
  it('is kept by every version of the rules that are for it, as it was then', async () => {
    const { id } = await addAudience(deps, ops(), { ...RETURNING, name: 'Kept' });
    const rule = await addRule(deps, ops(), ruleFor(id, 'For the kept'));
    await addRule(deps, ops(), ruleFor(null, 'For everyone'));
    const next = { ...RETURNING, name: 'Kept', condition: 'card.orders >= 3', id, version: 1 };
    expect(await editAudience(deps, ops(), next)).toEqual({ version: 2, rules: 1 });
    expect(await ruleNamed('For the kept')).toMatchObject({
      version: 2,
      audience: { id, version: 2, condition: 'card.orders >= 3' },
    });
    expect(await ruleNamed('For everyone')).toMatchObject({ version: 1, audience: null });
    const versions = await ruleVersions(deps, north.workspaceId, rule.id);
    expect(versions.map(({ version, audience }) => [version, audience?.condition])).toEqual([
      [2, 'card.orders >= 3'],
      [1, 'card.orders > 0'],
    ]);
  });

  it('gives its rules no new version when only its name or description changes', async () => {
    const { id } = await addAudience(deps, ops(), { ...RETURNING, name: 'Renamed' });
    await addRule(deps, ops(), ruleFor(id, 'For the renamed'));
    const next = { ...RETURNING, name: 'Renamed now', id, version: 1 };
    expect(await editAudience(deps, ops(), next)).toEqual({ version: 2, rules: 0 });
    expect(await ruleNamed('For the renamed')).toMatchObject({
      version: 1,
      audience: { name: 'Renamed now' },
    });
  });

  it('refuses a faulty condition, a name twice, and an edit of what somebody changed meanwhile', async () => {
    const { id } = await addAudience(deps, ops(), { ...RETURNING, name: 'Edited' });
    const faulty = { ...RETURNING, name: 'Faulty', condition: 'event.name == "x"' };
    await expect(addAudience(deps, ops(), faulty)).rejects.toMatchObject({
      code: 'bad_request',
      fields: [{ field: 'condition', reason: 'Unknown name event: use card or consent (characters 1–5)' }],
    });
    await expect(addAudience(deps, ops(), { ...RETURNING, name: 'Edited' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await editAudience(deps, ops(), { ...RETURNING, name: 'Edited', id, version: 1 });
    await expect(
      editAudience(deps, ops(), { ...RETURNING, name: 'Edited', id, version: 1 }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is not lost under a rule that is saved while it changes', async () => {
    const { id } = await addAudience(deps, ops(), { ...RETURNING, name: 'Raced' });
    const made = Array.from({ length: 6 }, (_, index) => addRule(deps, ops(), ruleFor(id, `Raced ${index}`)));
    const next = { ...RETURNING, name: 'Raced', condition: 'card.orders >= 9', id, version: 1 };
    await Promise.all([...made, editAudience(deps, ops(), next)]);
    for (const { id: ruleId } of await Promise.all(made)) {
      const [newest] = await ruleVersions(deps, north.workspaceId, ruleId);
      expect(newest?.audience).toMatchObject({ condition: 'card.orders >= 9' });
    }
  });

  it('cannot be removed while rules are for it, which are named', async () => {
    const { id } = await addAudience(deps, ops(), { ...RETURNING, name: 'In use' });
    const rule = await addRule(deps, ops(), ruleFor(id, 'Holds it'));
    await expect(removeAudience(deps, ops(), id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"Holds it"'),
    });
    await editRule(deps, ops(), { ...ruleFor(null, 'Holds it'), id: rule.id, version: 1 });
    await removeAudience(deps, ops(), id);
    await expect(addRule(deps, ops(), ruleFor(id, 'Too late'))).rejects.toMatchObject({
      code: 'bad_request',
      fields: [{ field: 'audienceId' }],
    });
    const [, before] = await ruleVersions(deps, north.workspaceId, rule.id);
    expect(before?.audience).toMatchObject({ name: 'In use', condition: RETURNING.condition });
  });

  it('goes on record with each change, and so do the rules that follow', async () => {
    const { id } = await addAudience(deps, ops(), { ...RETURNING, name: 'On record' });
    const rule = await addRule(deps, ops(), ruleFor(id, 'Follows'));
    const next = { ...RETURNING, name: 'On record', condition: 'card.orders > 1', id, version: 1 };
    await editAudience(deps, ops(), next);
    const entriesOf = async (subject: string) =>
      (await listAudit(deps, north.workspaceId, { subject }, { limit: 10 })).rows.map(
        ({ action, details }) => [action, details],
      );
    expect(await entriesOf(id)).toEqual([
      ['audience.edited', expect.objectContaining({ condition: 'card.orders > 1', version: 2, rules: 1 })],
      ['audience.created', expect.objectContaining({ condition: 'card.orders > 0' })],
    ]);
    expect(await entriesOf(rule.id)).toEqual([
      ['rule.edited', expect.objectContaining({ version: 2, audience: 'On record' })],
      ['rule.created', expect.objectContaining({ version: 1, audience: 'On record' })],
    ]);
  });

  it('makes of a counted pattern a rule that says more', async () => {
    const { id } = await addAudience(deps, ops(), { ...RETURNING, name: 'Not all' });
    await addRule(deps, ops(), ruleFor(id, 'Pattern for some'));
    await addRule(deps, ops(), ruleFor(null, 'Pattern for all'));
    const patterns = await rulePatterns(deps, north.workspaceId);
    const of = (name: string) => patterns.find((rule) => rule.name === name)?.pattern;
    expect(of('Pattern for all')).toMatchObject({ times: 3 });
    expect(of('Pattern for some')).toBeNull();
  });

  it('is one of at most a hundred', async () => {
    const { workspaceId } = south;
    const rows = Array.from({ length: MAX_AUDIENCES }, (_, index) => ({
      ...RETURNING,
      id: `aud_many_${index}`,
      name: `Many ${index}`,
      workspaceId,
      updatedById: ops(south).userId,
    }));
    await withWorkspace(deps.db, workspaceId, (tx) => tx.audience.createMany({ data: rows }));
    await expect(addAudience(deps, ops(south), RETURNING)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is of its own workspace only', async () => {
    const { id } = await addAudience(deps, ops(), { ...RETURNING, name: 'Of north' });
    expect((await audiences(deps, south.workspaceId)).map(({ name }) => name)).not.toContain('Of north');
    await expect(addRule(deps, ops(south), ruleFor(id))).rejects.toMatchObject({ code: 'bad_request' });
    await expect(removeAudience(deps, ops(south), id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(editAudience(deps, ops(south), { ...RETURNING, id, version: 1 })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(
      audiencePreview(deps, south.workspaceId, { id, condition: 'card.orders > 0' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(trialOfRule(deps, south.workspaceId, ruleFor(id))).rejects.toMatchObject({
      code: 'bad_request',
    });
  });
});

/** Stores a customer's state as the stream does, with the timer of the end of the visit and the partition's clock. */
async function visit(customer: string, names: readonly string[], clockMinute: number) {
  const [shard] = await shardsOf(deps, north.workspaceId);
  const { shardId, partitions } = shard ?? { shardId: 0, partitions: 1 };
  const keys = partitionKeys(shardId, partitionOf(customer, partitions));
  const pump = run(names.map((name, index) => event(name, index, { total: 20 }, { c: customer })));
  await deps.logRedis.hset(keys.state, customer, JSON.stringify(pump.state(customer)));
  await deps.logRedis.zadd(keys.timers, START + (names.length + 30) * MINUTE_MS, customer);
  await deps.logRedis.hset(keys.clock, 'newest', START + clockMinute * MINUTE_MS);
}

describe('members now', () => {
  it('are counted among the customers with a live visit, before and after a change', async () => {
    await visit('buyer', ['Product Added', 'Order Completed'], 5);
    await visit('viewer', ['Product Viewed'], 5);
    await visit('opted-out', ['Order Completed'], 5);
    await visit('left', ['Order Completed'], 90);
    const [shard] = await shardsOf(deps, north.workspaceId);
    const { shardId, partitions } = shard ?? { shardId: 0, partitions: 1 };
    // The one who left and another must not share a partition's clock.
    const places = ['buyer', 'viewer', 'left'].map((key) => partitionOf(key, partitions));
    expect(new Set(places).size).toBe(3);
    const { consent } = partitionKeys(shardId, partitionOf('opted-out', partitions));
    await deps.logRedis.hset(consent, 'opted-out', JSON.stringify({ v: 1, denied: ['profiling'] }));
    const { id } = await addAudience(deps, ops(), { ...RETURNING, name: 'Counted' });
    const now = await membersNow(deps, north.workspaceId);
    expect(now).toMatchObject({ lookedAt: 2, isSample: false });
    expect(now.audiences.find((row) => row.id === id)?.members).toBe(1);
    const preview = (condition: string, of: string | null = id) =>
      audiencePreview(deps, north.workspaceId, { id: of, condition });
    expect(await preview('card.visit.live')).toMatchObject({ before: 1, after: 2, lookedAt: 2 });
    expect(await preview('card.visit.platform == "web"', null)).toMatchObject({ before: null, after: 2 });
    expect(await preview('card.orders >')).toMatchObject({ before: 1, after: null });
    expect(await membersNow(deps, south.workspaceId)).toMatchObject({ lookedAt: 0 });
  });
});
