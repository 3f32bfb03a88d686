import { beforeAll, describe, expect, it } from 'vitest';
import { type DeadLetterRecord, deadLetterLogKey, encodeEvent, logOf } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { preferIdFilters } from './message.repository';
import { messageHistory } from './message.service';

let deps: Awaited<ReturnType<typeof testDeps>>;
let workspaceId: string;
let shard: Awaited<ReturnType<typeof shardsOf>>[number];

beforeAll(async () => {
  deps = await testDeps();
  workspaceId = (await testWorkspace(deps, 'north')).workspaceId;
  const [first] = await shardsOf(deps, workspaceId);
  if (!first) throw new Error('no shard');
  shard = first;
});

async function append(messageId: string): Promise<number> {
  const { shardId, partitions } = shard;
  const event = encodeEvent(plainEvent(messageId, 'anna'), messageId, partitions);
  await logOf(deps).append({ shardId, events: [event], deadLetters: [] });
  return event.partition;
}

/** Entries that are no events, as many as asked for, in the partition. */
async function pile(partition: number, count: number): Promise<void> {
  const tick = JSON.stringify([{ k: 'c', t: 1, epoch: 1 }]);
  const pack = { shardId: shard.shardId, partition, records: tick };
  await logOf(deps).deliver(Array.from({ length: count }, () => pack));
}

const letter = (id: string): DeadLetterRecord => ({
  k: 'x',
  s: 'src',
  id,
  reason: 'invalid',
  field: 'properties.price',
  detail: 'Must be a number.',
  sample: '{}',
  t: 1_000,
  r: 2_000,
});

function refuse(...ids: string[]): Promise<unknown> {
  return logOf(deps).append({ shardId: shard.shardId, events: [], deadLetters: ids.map(letter) });
}

const found = (messageId: string) => messageHistory(deps, workspaceId, messageId);

describe('what is known of a refused message while nothing is archived', () => {
  const refused = {
    at: new Date(2_000).toISOString(),
    outcome: 'refused',
    sourceId: 'src',
    reason: 'invalid',
    field: 'properties.price',
    detail: 'Must be a number.',
  };

  it('is found, and told once when it is archived meanwhile', async () => {
    await refuse('none of it', 'bad "one"');
    const known = { messageId: 'bad "one"', attempts: [refused], more: false, effect: null };
    expect(await found('bad "one"')).toEqual(known);
    const { shardId } = shard;
    const [entry] = await deps.logRedis.xrange(deadLetterLogKey(shardId), '-', '+');
    const { s: sourceId, r, t, reason, field = null, detail, sample } = letter('');
    const data = {
      ...{
        workspaceId,
        shardId,
        position: `${entry?.[0]}/1`,
        messageId: 'bad "one"',
        sourceId,
        reason,
        field,
      },
      ...{ detail, sample, eventAt: new Date(t), receivedAt: new Date(r) },
    };
    await withWorkspace(deps.db, workspaceId, (tx) => tx.deadLetter.create({ data }));
    expect(await found('bad "one"')).toEqual(known);
    await deps.logRedis.del(deadLetterLogKey(shardId));
    expect(await found('bad "one"')).toEqual(known);
  });

  it('stands beside the attempt that was taken', async () => {
    await refuse('mended');
    await append('mended');
    const { attempts, effect } = (await found('mended')) ?? {};
    expect(attempts?.map(({ outcome }) => outcome)).toEqual(['refused', 'accepted']);
    expect(effect).toMatchObject({ processed: false });
  });

  it('is not known yet when it may lie behind more than is looked through', async () => {
    const key = deadLetterLogKey(shard.shardId);
    const pile = deps.logRedis.pipeline();
    for (let count = 0; count < 2_500; count += 1) pile.xadd(key, '*', 'r', '[]', 'n', '0');
    await pile.exec();
    await refuse('behind them');
    await expect(found('behind them')).rejects.toMatchObject({ code: 'unavailable' });
    await append('taken');
    expect(await found('taken')).toMatchObject({ more: true, effect: { processed: false } });
    expect(await found('bad "one"')).toMatchObject({ more: true, attempts: [{ outcome: 'refused' }] });
    await deps.logRedis.del(key);
  });
});

describe('a message sent more often than is told', () => {
  /** So many duplicates on record of a message. */
  function repeat(messageId: string, count: number): Promise<unknown> {
    const { shardId } = shard;
    const data = Array.from({ length: count }, (_, index) => ({
      ...{ workspaceId, shardId, position: `${index + 1}-0/0`, sourceId: 'src', messageId },
      ...{ partition: count, eventAt: new Date(index + 1), receivedAt: new Date(index + 1) },
    }));
    return withWorkspace(deps.db, workspaceId, (tx) => tx.duplicateAttempt.createMany({ data }));
  }

  it.each([
    [100, false],
    [101, true],
  ])('says so when history holds %i repeats: %s', async (count, more) => {
    await repeat(`repeated ${count}`, count);
    const { attempts, ...rest } = (await found(`repeated ${count}`)) ?? {};
    expect(attempts).toHaveLength(100);
    expect(rest).toMatchObject({ more });
  });

  it.each([
    [100, false],
    [101, true],
  ])('says so when %i refusals of it wait to be archived: %s', async (count, more) => {
    const id = `refused ${count}`;
    await refuse(...Array.from({ length: count }, () => id));
    const { attempts, ...rest } = (await found(id)) ?? {};
    expect(attempts).toHaveLength(100);
    expect(rest).toMatchObject({ more });
  });
});

describe('what is known of a message while nothing is processed', () => {
  it('is found behind more entries than are read at once', async () => {
    const partition = await append('first');
    await pile(partition, 600);
    await append('later');
    await append('later');
    expect(await found('later')).toMatchObject({
      more: false,
      attempts: [{ outcome: 'accepted' }, { outcome: 'duplicate' }],
      effect: { partition, processed: false },
    });
    expect(await found('never sent')).toBeNull();
  });

  it('is not known yet when it may lie behind more than is looked through', async () => {
    const partition = await append('another');
    await pile(partition, 10_000);
    await append('last');
    for (const id of ['last', 'never sent']) {
      await expect(found(id)).rejects.toMatchObject({ code: 'unavailable' });
    }
    expect(await found('first')).toMatchObject({ effect: { processed: false } });
  });
});

it('is looked for in history by the filters of ids, not by reading all of it', async () => {
  const plan = await withWorkspace(deps.db, workspaceId, async (tx) => {
    await preferIdFilters(tx);
    return tx.$queryRaw<{ 'QUERY PLAN': string }[]>`
      EXPLAIN SELECT * FROM history_events WHERE workspace_id = ${workspaceId} AND message_id = 'a' ORDER BY logged_at`;
  });
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toContain('message_id_idx');
  expect(text).not.toContain('Seq Scan');
});
