import { valuesOf } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import type { AlertMessage } from './threshold.schema';

type QueueDeps = Pick<Deps, 'queueRedis'>;

const LEASE_KEY = 'alerts:evaluator';
const LEASE_MS = 4_000;
const versionKey = (workspaceId: string) => `alerts:version:${workspaceId}`;

/** Tells screens at once. A lost message is healed when the screen asks again. */
export async function publishAlert({ queueRedis }: QueueDeps, workspaceId: string, message: AlertMessage) {
  await queueRedis.publish(`alerts:${workspaceId}`, JSON.stringify(message));
}

/** Has the evaluator read a workspace's thresholds anew. */
export async function bumpThresholds({ queueRedis }: QueueDeps, workspaceId: string): Promise<void> {
  await queueRedis.incr(versionKey(workspaceId));
}

/** Of each workspace what changes whenever one of its thresholds does, in one round trip. */
export async function thresholdsVersions(
  { queueRedis }: QueueDeps,
  workspaceIds: readonly string[],
): Promise<Map<string, string>> {
  const pipeline = queueRedis.pipeline();
  for (const workspaceId of workspaceIds) pipeline.get(versionKey(workspaceId));
  const versions = valuesOf(await pipeline.exec());
  return new Map(workspaceIds.map((workspaceId, index) => [workspaceId, String(versions[index] ?? '0')]));
}

/** One process judges at a time: another takes over when it has been silent for four seconds. */
export async function holdLease({ queueRedis }: QueueDeps, holder: string): Promise<boolean> {
  if ((await queueRedis.set(LEASE_KEY, holder, 'PX', LEASE_MS, 'NX')) === 'OK') return true;
  if ((await queueRedis.get(LEASE_KEY)) !== holder) return false;
  return (await queueRedis.pexpire(LEASE_KEY, LEASE_MS)) === 1;
}

export async function dropLease({ queueRedis }: QueueDeps, holder: string): Promise<void> {
  if ((await queueRedis.get(LEASE_KEY)) === holder) await queueRedis.del(LEASE_KEY);
}
