import { listThresholds } from '@/server/alerts';
import { LAG_CRITICAL_SECONDS } from '@/server/observability/lag-reading';
import type { Deps } from '@/server/platform/deps';

const READ_EVERY_MS = 30_000;

/**
 * The lag past which people of a workspace want to be told: the lowest of their thresholds on it, else what is told in red.
 * Answers at once with what was read last, so that a board goes on while Postgres is away.
 */
export function lagLimit(deps: Pick<Deps, 'db' | 'now'>, workspaceId: string): () => number {
  let limit = LAG_CRITICAL_SECONDS;
  let readAt = Number.NEGATIVE_INFINITY;
  const read = async () => {
    const thresholds = await listThresholds(deps, workspaceId);
    const values = thresholds
      .filter(
        ({ metric, comparison, enabled }) => enabled && metric === 'lagSeconds' && comparison === 'above',
      )
      .map(({ value }) => value);
    limit = values.length === 0 ? LAG_CRITICAL_SECONDS : Math.min(...values);
  };
  return () => {
    if (deps.now() - readAt >= READ_EVERY_MS) {
      readAt = deps.now();
      read().catch(() => undefined);
    }
    return limit;
  };
}
