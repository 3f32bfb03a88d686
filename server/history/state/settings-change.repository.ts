import { MINUTE_MS } from '@/server/core/durations';
import type { ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { remembered } from './remembered';

const LOOKED_BACK = 200;
const KEPT_MS = MINUTE_MS;

/**
 * Since when a workspace's gaps and lateness are what they are now, ms; 0: always. What was computed before stays as it was,
 * and a recomputation by the present settings would differ from it.
 */
export function settingsChangedAt(deps: Pick<Deps, 'db' | 'now'>, shard: Workspace): Promise<number> {
  const key = JSON.stringify([shard.workspaceId, shard.settings, shard.currency]);
  return known(deps.db, key, deps.now, () => readChange(deps, shard));
}

const known = remembered<number>(KEPT_MS);

type Workspace = Pick<ShardDescription, 'workspaceId' | 'settings' | 'currency'>;

async function readChange(
  deps: Pick<Deps, 'db'>,
  { workspaceId, settings, currency }: Workspace,
): Promise<number> {
  const changes = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.auditEntry.findMany({
      where: { workspaceId, action: 'workspace.changed' },
      orderBy: { seq: 'desc' },
      take: LOOKED_BACK,
      select: { at: true, details: true },
    }),
  );
  const now = JSON.stringify([settings.visitGapMs, settings.cartGapMs, settings.latenessMs, currency]);
  let since = 0;
  for (const { at, details } of changes) {
    const then = details as {
      visitGapMs?: number;
      cartGapMs?: number;
      latenessMs?: number;
      currency?: string;
    };
    if (JSON.stringify([then.visitGapMs, then.cartGapMs, then.latenessMs, then.currency]) !== now) break;
    since = at.getTime();
  }
  return since;
}
