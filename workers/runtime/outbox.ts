import type { Redis } from 'ioredis';
import { DOORBELL_CHANNEL, partitionsKey } from '@/server/event-log';
import { RedisScript } from '@/server/platform/redis-script';
import { partitionKeys, partitionName } from '@/server/scaling';
import type { OutboxRecord } from '@/server/streaming/partition-step';
import { DELIVER_SCRIPT } from './commit-script';

export const deliverScript = new RedisScript(DELIVER_SCRIPT);

export type RawEntry = [id: string, fields: string[]];

/** What one commit put into the outbox. */
export interface OutboxEntry {
  id: string;
  records: OutboxRecord[];
}

export function outboxEntryOf([id, fields]: RawEntry): OutboxEntry {
  const text = fields[fields.indexOf('r') + 1] ?? '[]';
  return { id, records: JSON.parse(text) as OutboxRecord[] };
}

/** Outbox entries of one partition, in the order they were committed. */
export interface Delivery {
  shardId: number;
  partition: number;
  entries: OutboxEntry[];
}

/**
 * Appends outbox records to the logs of their targets, then removes them: at least once, in order; the targets'
 * inboxes make it once.
 * @returns names of the partitions that got something
 * @throws the first Redis error; what was not removed is delivered again by whoever loads the partition next
 */
export async function deliver(redis: Redis, deliveries: readonly Delivery[]): Promise<Set<string>> {
  const rung = new Set<string>();
  const appends = redis.pipeline();
  for (const { shardId, entries } of deliveries) {
    for (const { records } of entries) {
      for (const [target, texts] of byTarget(records)) {
        const keys = partitionKeys(shardId, target);
        appends.evalsha(deliverScript.sha, 2, keys.log, keys.count, `[${texts.join(',')}]`);
        const name = partitionName(shardId, target);
        if (!rung.has(name)) appends.sadd(partitionsKey(shardId), target);
        rung.add(name);
      }
    }
  }
  await run(appends);
  const removals = redis.pipeline();
  for (const { shardId, partition, entries } of deliveries) {
    if (entries.length > 0) {
      removals.xdel(partitionKeys(shardId, partition).outbox, ...entries.map((entry) => entry.id));
    }
  }
  await run(removals);
  return rung;
}

function byTarget(records: readonly OutboxRecord[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const { target, record } of records) {
    const texts = found.get(target);
    if (texts) texts.push(JSON.stringify(record));
    else found.set(target, [JSON.stringify(record)]);
  }
  return found;
}

async function run(pipeline: ReturnType<Redis['pipeline']>): Promise<void> {
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}

/** Tells the owners of partitions, wherever they are; a ring that is lost costs a quarter of a second. */
export function ringDoorbells(queueRedis: Redis, names: Iterable<string>): void {
  if (queueRedis.status !== 'ready') return;
  const pipeline = queueRedis.pipeline();
  for (const name of names) pipeline.publish(DOORBELL_CHANNEL, name);
  if (pipeline.length > 0) pipeline.exec().catch(() => undefined);
}
