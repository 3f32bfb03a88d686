import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { ArmCounts } from './use-case-effect';

export interface EffectQuery {
  useCaseId: string;
  /** decisions from here on, of processing time */
  since: Date;
  /** decisions with an event time up to here have had the whole time for an outcome */
  completeUpTo: Date;
  /** how long after the decision's event an outcome counts, ms */
  outcomeMs: number;
  /** the newest decisions are read, so many at most */
  maxDecisions: number;
}

export interface EffectRow extends ArmCounts {
  heldOut: boolean;
  /** decisions read, of both arms */
  read: number;
  /** customers decided about in both arms: two keys that met since */
  mixed: number;
}

/**
 * What became of the customers about whom a use case's rules decided, by arm. A customer is one person under all keys that
 * have met, and counts once: by the first decision, in the arm of that one. Outcomes are those of the facts, under any of
 * the keys, after the event decided about.
 */
export function armOutcomes(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  { useCaseId, since, completeUpTo, outcomeMs, maxDecisions }: EffectQuery,
): Promise<EffectRow[]> {
  return withWorkspace(
    deps.db,
    workspaceId,
    (tx) => tx.$queryRaw<EffectRow[]>`
      WITH recent AS MATERIALIZED (
        SELECT customer, held_out, event_at, position FROM decisions
        WHERE workspace_id = ${workspaceId} AND use_case_id = ${useCaseId} AND decided_at >= ${since}
        ORDER BY decided_at DESC LIMIT ${maxDecisions}),
      named AS (
        SELECT coalesce(further.to_key, link.to_key, r.customer) AS customer, r.held_out, r.event_at, r.position
        FROM recent r
        LEFT JOIN identity_links link ON link.workspace_id = ${workspaceId} AND link.from_key = r.customer
        LEFT JOIN identity_links further ON further.workspace_id = ${workspaceId} AND further.from_key = link.to_key),
      arms AS (
        SELECT customer, bool_or(held_out) AND NOT bool_and(held_out) AS mixed FROM named GROUP BY customer),
      firsts AS MATERIALIZED (
        SELECT DISTINCT ON (customer) customer, held_out, event_at, event_at <= ${completeUpTo} AS complete
        FROM named ORDER BY customer, event_at, position),
      keys AS MATERIALIZED (
        SELECT customer, customer AS key, event_at FROM firsts WHERE complete
        UNION
        SELECT f.customer, l.from_key, f.event_at FROM firsts f
        JOIN identity_links l ON l.workspace_id = ${workspaceId} AND l.to_key = f.customer WHERE f.complete),
      span AS (
        SELECT min(event_at) AS after, max(event_at) + make_interval(secs => ${outcomeMs}::float8 / 1000) AS until FROM keys),
      facts AS (
        SELECT customer, kind, at, sign FROM history_facts
        WHERE workspace_id = ${workspaceId} AND kind = 'order'
          AND at > (SELECT after FROM span) AND at <= (SELECT until FROM span)
        UNION ALL
        SELECT customer, kind, at, sign FROM history_facts
        WHERE workspace_id = ${workspaceId} AND kind = 'cartAbandoned'
          AND at > (SELECT after FROM span) AND at <= (SELECT until FROM span)),
      outcomes AS (
        SELECT k.customer, sum(f.sign) FILTER (WHERE f.kind = 'order') AS orders,
               sum(f.sign) FILTER (WHERE f.kind = 'cartAbandoned') AS abandoned
        FROM facts f JOIN keys k ON k.key = f.customer
          AND f.at > k.event_at AND f.at <= k.event_at + make_interval(secs => ${outcomeMs}::float8 / 1000)
        GROUP BY k.customer)
      SELECT f.held_out AS "heldOut", count(*)::int AS decided, count(*) FILTER (WHERE f.complete)::int AS counted,
             count(*) FILTER (WHERE o.orders > 0)::int AS ordered,
             count(*) FILTER (WHERE o.abandoned > 0)::int AS abandoned,
             count(*) FILTER (WHERE a.mixed)::int AS mixed,
             (SELECT count(*) FROM recent)::int AS read
      FROM firsts f JOIN arms a USING (customer) LEFT JOIN outcomes o USING (customer)
      GROUP BY f.held_out`,
  );
}
