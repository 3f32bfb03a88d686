import { createSecretKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CustomerEvent, type DeadLetterReason, RedisEventLog } from '@/server/event-log';
import type { PersonActor } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { deadLetterOf, type SealedEvent } from './dead-letter';
import { deadLetterPage, openDeadLetter, replayDeadLetter } from './dead-letter.service';
import { createDeadLetterSeal } from './dead-letter-seal.connector';
import { Refusal } from './refusal';

const seal = createDeadLetterSeal(createSecretKey(Buffer.alloc(32, 3)));
let deps: Deps;
let log: RedisEventLog;
let north: { workspaceId: string; actor: (role: 'ops') => PersonActor };
let south: typeof north;
let shardId: number;
let count = 0;

beforeAll(async () => {
  deps = await testDeps();
  log = new RedisEventLog({
    redis: deps.logRedis,
    queueRedis: deps.queueRedis,
    now: deps.now,
    dedupMs: 3_600_000,
    dedupMaxBytes: 2 ** 30,
    idScope: 'shard',
  });
  [north, south] = [await testWorkspace(deps, 'north'), await testWorkspace(deps, 'south')];
  shardId = await withWorkspace(deps.db, north.workspaceId, async (tx) => {
    const shard = await tx.shard.findFirstOrThrow({ where: { workspaceId: north.workspaceId } });
    const { workspaceId } = north;
    const source = {
      id: 'src_north',
      workspaceId,
      shardId: shard.id,
      name: 'Shop',
      keyHash: 'h',
      keyHint: 'mw_…',
    };
    await tx.source.create({ data: source });
    return shard.id;
  });
});

/** A dead letter as the archive writes it. */
async function archived(sealed: SealedEvent, reason: DeadLetterReason = 'invalid', receivedAt = deps.now()) {
  const facts = { sourceId: 'src_north', workspaceId: north.workspaceId, receivedAt, seal: seal.seal };
  const record = deadLetterOf(new Refusal(reason, 'event', 'No.'), sealed, facts);
  const position = `${1_000 + count++}-0/0`;
  await withWorkspace(deps.db, north.workspaceId, (tx) =>
    tx.deadLetter.create({
      data: {
        workspaceId: north.workspaceId,
        shardId,
        position,
        sourceId: record.s,
        messageId: record.id ?? null,
        reason,
        field: record.field ?? null,
        detail: record.detail,
        sample: record.sample,
        sealed: record.sealed ? Buffer.from(record.sealed, 'base64') : null,
        eventAt: new Date(record.t),
        receivedAt: new Date(record.r),
      },
    }),
  );
  return `${shardId}:${position}`;
}

async function logged(messageId: string): Promise<CustomerEvent[]> {
  const cursors = Array.from({ length: 8 }, (_, partition) => ({ partition, after: '0' }));
  const read = await log.read(shardId, cursors, 10_000);
  const records = [...read.values()].flat().flatMap((entry) => JSON.parse(entry.records) as CustomerEvent[]);
  return records.filter(({ k, id }) => k === 'e' && id === messageId);
}

const replay = (id: string, edited?: string) =>
  replayDeadLetter(deps, north.actor('ops'), { id, edited }, { log, seal });
const call = (fields: object) => ({ type: 'track', event: 'Fixed', userId: 'u', ...fields });

describe('dead letters', () => {
  it('replays after a fix through the same checks, with the same id, once', async () => {
    const id = await archived({
      form: 'segment',
      event: call({ messageId: 'fix-1', event: 7 }),
      type: 'track',
    });
    await expect(replay(id)).rejects.toMatchObject({ code: 'bad_request', fields: [{ field: 'event' }] });
    const { event } = await openDeadLetter(deps, north.actor('ops'), id, seal);
    const edited = JSON.stringify({ ...JSON.parse(event), event: 'Fixed' });
    expect(await replay(id, edited)).toEqual({ accepted: 1, duplicate: false });
    expect(await replay(id, edited)).toEqual({ accepted: 1, duplicate: true });
    expect(await logged('fix-1')).toHaveLength(1);
    const { items } = await deadLetterPage(deps, north.workspaceId, { limit: 50 });
    expect(items.find((item) => item.id === id)?.replayedAt).not.toBeNull();
  });

  it('keeps the time of the first attempt and the correction of its clock', async () => {
    const receivedAt = deps.now() - 3_600_000;
    const bare = await archived(
      { form: 'segment', event: call({ messageId: 'time-1' }) },
      'invalid',
      receivedAt,
    );
    await replay(bare);
    expect((await logged('time-1'))[0]?.t).toBe(receivedAt);
    const ahead = { timestamp: new Date(receivedAt + 7_199_000), sentAt: new Date(receivedAt + 7_200_000) };
    const event = JSON.parse(JSON.stringify(call({ messageId: 'time-2', ...ahead })));
    await replay(await archived({ form: 'segment', event }, 'invalid', receivedAt));
    expect((await logged('time-2'))[0]?.t).toBe(receivedAt - 1_000);
  });

  it('takes an event that was of the future once its time has come', async () => {
    const timestamp = new Date(deps.now() - 1_000).toISOString();
    const event = call({ messageId: 'future-1', timestamp });
    const id = await archived({ form: 'segment', event }, 'future', deps.now() - 600_000);
    expect(await replay(id)).toMatchObject({ accepted: 1 });
  });

  it('takes a mended body that turns out to be a batch', async () => {
    const id = await archived({ form: 'body', event: '{"batch":[{"type":"track"' }, 'malformed');
    await expect(replay(id)).rejects.toMatchObject({ code: 'bad_request' });
    const batch = [call({ messageId: 'batch-1' }), call({ messageId: 'batch-2' })];
    expect(await replay(id, JSON.stringify({ batch, context: { device: { type: 'ios' } } }))).toEqual({
      accepted: 2,
      duplicate: false,
    });
    expect((await logged('batch-1'))[0]).toMatchObject({ pl: 'ios' });
  });

  it('pages through all, filtered, each once', async () => {
    const at = deps.now() - 50_000_000;
    const made = [];
    for (let i = 0; i < 7; i += 1)
      made.push(await archived({ form: 'segment', event: call({}) }, 'unsafe_key', at));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await deadLetterPage(deps, north.workspaceId, { reason: 'unsafe_key', limit: 3, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(made.sort());
  });

  it('shows another workspace nothing', async () => {
    const id = await archived({ form: 'segment', event: call({ messageId: 'theirs' }) });
    const stranger = south.actor('ops');
    expect((await deadLetterPage(deps, south.workspaceId, { limit: 50 })).items).toEqual([]);
    await expect(openDeadLetter(deps, stranger, id, seal)).rejects.toMatchObject({ code: 'not_found' });
    await expect(replayDeadLetter(deps, stranger, { id }, { log, seal })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
