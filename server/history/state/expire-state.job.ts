import { MINUTE_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import { listShards } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { readStatePolicy } from '../snapshots/state-policy.repository';
import { type ExpiryReport, expireState } from './expire-state.service';
import { takeTurn } from './turn.repository';

export const EXPIRE_EVERY_MS = 10 * MINUTE_MS;
const LIMIT_MS = 5 * MINUTE_MS;

/** Removes what is older than each workspace's policy says; a workspace without a policy keeps everything. */
export async function expireStates(deps: Deps): Promise<Record<string, ExpiryReport>> {
  const reports = await takeTurn(deps, 'expire', 2 * LIMIT_MS, async () => {
    const done: Record<string, ExpiryReport> = {};
    await eachInTurn(
      Map.groupBy(await listShards(deps), (shard) => shard.workspaceId),
      ([workspaceId]) => workspaceId,
      async ([workspaceId, shards]) => {
        const policy = await readStatePolicy(deps, workspaceId);
        if (policy.inactiveDays === null && policy.cooldownDays === null) return;
        done[workspaceId] = await expireState(deps, shards, { policy, dryRun: false, limitMs: LIMIT_MS });
      },
    );
    return done;
  });
  return reports ?? {};
}
