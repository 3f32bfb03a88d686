import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { writeAudit } from '@/server/privacy';
import { liveVisitOf } from '@/server/processors';
import type { FunnelStep } from '@/server/processors/funnel-step.schema';
import type { LiveVisit, LiveVisits } from './live-visit.schema';
import { waitingCustomers } from './live-visits.repository';
import { isPersonalKey, maskKey } from './mask';
import type { ShardWithSettings } from './online-store';
import { knownShards } from './shard-directory';

const MOST_TOLD = 100;
/** So many states are read at most, shared out over the partitions. */
const MOST_READ = 4_096;

/**
 * Live visits that reached a step of the funnel, those with the newest event first. Who looks is on record before
 * anything is shown.
 * @throws when it cannot be recorded, or the store cannot be reached
 */
export async function liveVisits(
  deps: Deps,
  { workspaceId, userId }: Pick<PersonActor, 'workspaceId' | 'userId'>,
  step: FunnelStep,
): Promise<LiveVisits> {
  const read = await Promise.all(
    (await knownShards(deps, workspaceId)).map((shard) => visitsOf(deps, shard, step)),
  );
  const all = read.flatMap(({ visits }) => visits).sort((a, b) => b.lastAt - a.lastAt);
  const visits = all.slice(0, MOST_TOLD);
  await writeAudit(deps, {
    workspaceId,
    actorKind: 'person',
    actorId: userId,
    action: 'visits.listed',
    subject: workspaceId,
    details: { step, visits: visits.length },
  });
  return { visits, isCut: all.length > visits.length || read.some(({ isCut }) => isCut) };
}

async function visitsOf(deps: Deps, shard: ShardWithSettings, step: FunnelStep): Promise<LiveVisits> {
  const most = Math.ceil(MOST_READ / shard.partitions);
  const waiting = await waitingCustomers(deps.logRedis, shard, most);
  const visits = waiting.flatMap(({ clock, customers }) =>
    customers.flatMap(({ key, state }): LiveVisit[] => {
      const visit = liveVisitOf(state, clock, shard.settings);
      if (visit === null || visit.steps[step] === undefined) return [];
      const { furthest, platform, events, startedAt, lastAt } = visit;
      const shown = { key: isPersonalKey(key) ? null : key, label: maskKey(key) };
      return [{ ...shown, furthest, platform, events, startedAt, lastAt }];
    }),
  );
  return { visits, isCut: waiting.some(({ customers }) => customers.length >= most) };
}
