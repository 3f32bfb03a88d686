import { beforeAll, describe, expect, it } from 'vitest';
import { encodeEvent, logOf } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
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

const found = (messageId: string) => messageHistory(deps, workspaceId, messageId);

describe('what is known of a message while nothing is processed', () => {
  it('is found behind more entries than are read at once', async () => {
    const partition = await append('first');
    await pile(partition, 600);
    await append('later');
    await append('later');
    expect(await found('later')).toMatchObject({
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
