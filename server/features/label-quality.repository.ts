import { Prisma } from '@/prisma/client/client';
import { shardIds } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { SentimentLabel } from '@/server/processors/sentiment-label.schema';

/** A kept contest of the turns of a span, for who looks after the model. */
export interface ContestRow {
  customer: string;
  contactId: string;
  turnId: string;
  turnAt: Date;
  modelLabel: SentimentLabel;
  modelScore: number;
  modelConfidence: number;
  model: string;
  modelVersion: string;
  label: SentimentLabel;
  reason: string | null;
  at: Date;
}

/** Contests that stand, of turns spoken since then, but none of a customer who opted out. */
const standing = (workspaceId: string, from: Date) => Prisma.sql`
  FROM label_contests AS contest
  WHERE workspace_id = ${workspaceId} AND turn_at >= ${from} AND withdrawn_at IS NULL AND NOT EXISTS (
    SELECT FROM consents WHERE consents.workspace_id = contest.workspace_id
      AND consents.customer = contest.customer AND 'profiling' = ANY(denied)
  )`;

export interface ContestCounts {
  /** turns that anybody contests */
  turns: number;
  byLabels: { model: SentimentLabel; label: SentimentLabel; contests: number }[];
}

export function countContests(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  from: Date,
): Promise<ContestCounts> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    const [counted] = await tx.$queryRaw<{ turns: number }[]>`
      SELECT count(DISTINCT (customer, contact_id, turn_id, turn_at))::int AS turns ${standing(workspaceId, from)}`;
    const byLabels = await tx.$queryRaw<ContestCounts['byLabels']>`
      SELECT model_label AS model, label, count(*)::int AS contests ${standing(workspaceId, from)}
      GROUP BY 1, 2`;
    return { turns: counted?.turns ?? 0, byLabels };
  });
}

/** The contests made last. */
export function newestContests(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  from: Date,
  limit: number,
): Promise<ContestRow[]> {
  return withWorkspace(
    deps.db,
    workspaceId,
    (tx) => tx.$queryRaw<ContestRow[]>`
      SELECT customer, contact_id AS "contactId", turn_id AS "turnId", turn_at AS "turnAt",
             model_label AS "modelLabel", model_score AS "modelScore", model_confidence AS "modelConfidence",
             model, model_version AS "modelVersion", label, reason, at
      ${standing(workspaceId, from)} ORDER BY at DESC LIMIT ${limit}`,
  );
}

/**
 * Customers' turns in history that a model reads: final segments of calls and chat messages with a text, by when they were
 * spoken. What customers said after they opted out is in no history.
 */
export async function scoredTurns(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  from: Date,
  to: Date,
): Promise<number> {
  const [counted] = await withWorkspace(
    deps.db,
    workspaceId,
    (tx) => tx.$queryRaw<{ turns: number }[]>`
      SELECT count(*)::int AS turns FROM history_events
      WHERE workspace_id = ${workspaceId} AND shard_id = ANY(${shardIds(workspaceId)})
        AND event_at >= ${from} AND event_at < ${to}
        AND name IN ('Transcript Segment', 'Live Chat Message Sent') AND kind = 'track' AND customer IS NOT NULL
        AND CASE name
          WHEN 'Transcript Segment' THEN properties->>'participant' = 'customer'
            AND coalesce(properties->>'isFinal', '') <> 'false' AND coalesce(properties->>'text', '') <> ''
          ELSE coalesce(nullif(properties->>'message_body', ''), properties->>'text', '') <> ''
        END`,
  );
  return counted?.turns ?? 0;
}
