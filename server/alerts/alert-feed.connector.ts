import { ChangeCounters } from '@/server/platform/change-counters';
import type { Deps } from '@/server/platform/deps';
import type { AlertMessage } from './threshold.schema';

type QueueDeps = Pick<Deps, 'queueRedis'>;

const LEASE_KEY = 'alerts:evaluator';
const LEASE_MS = 4_000;
/** Raised with every change of a threshold, so that the evaluator reads them anew. */
export const thresholdChanges = new ChangeCounters('alerts');

/** Tells screens at once. A lost message is healed when the screen asks again. */
export async function publishAlert({ queueRedis }: QueueDeps, workspaceId: string, message: AlertMessage) {
  await queueRedis.publish(`alerts:${workspaceId}`, JSON.stringify(message));
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
