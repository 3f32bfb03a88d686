import { DAY_MS } from '@/server/core/durations';
import type { Deps } from '@/server/platform/deps';
import { type AccessRow, reviewAccess } from './access-review';
import { accessCounts, namesOfActors, timeZoneOf } from './audit.repository';
import { unacknowledged } from './consent.repository';
import { listDpias } from './dpia.repository';
import { type PrivacyClock, privacyClocks } from './privacy-clock';

/** What runs against a clock. */
export async function clocks(
  deps: Deps,
  workspaceId: string,
): Promise<{ clocks: PrivacyClock[]; at: number }> {
  const at = deps.now();
  const [openOptOuts, dpias] = await Promise.all([
    unacknowledged(deps, workspaceId),
    listDpias(deps, workspaceId),
  ]);
  return { clocks: privacyClocks({ openOptOuts, dpias }, at), at };
}

/** Who looked at what in the last day, unusual first. */
export async function accessReview(
  deps: Deps,
  workspaceId: string,
): Promise<{ rows: AccessRow[]; at: number }> {
  const at = deps.now();
  const timeZone = await timeZoneOf(deps, workspaceId);
  const counts = await accessCounts(deps, workspaceId, new Date(at - DAY_MS), timeZone);
  const names = await namesOfActors(
    deps,
    workspaceId,
    counts.map(({ actorId }) => actorId),
  );
  return { rows: reviewAccess(counts, names), at };
}
