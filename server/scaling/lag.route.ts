import { z } from 'zod';
import { Fault } from '@/server/core/fault';
import { FOREIGN_CURSOR, pageCursor, pageLimit } from '@/server/core/page.schema';
import { restRoute, shardsOf } from '@/server/identity';
import type { LagReading } from '@/server/observability';
import { lagOf } from './lag.service';

const lagAnswer = z.object({
  at: z.string().describe('when it was read, ISO 8601'),
  partitions: z.array(
    z.object({
      region: z.string(),
      group: z.enum(['main', 'archive']),
      partition: z.number().int(),
      lagSeconds: z
        .number()
        .nullable()
        .describe('age of the oldest unprocessed record; 0 when drained and cared for; null when not known'),
      backlog: z.number().int().describe('customer events not yet processed'),
      owner: z.string().nullable().describe('the worker that holds the partition'),
    }),
  ),
  cursor: z.string().nullable().describe('of the next page; null at the end, and where no limit was given'),
});

/** Of a page's last partition, by which the next one begins. */
const cursorOf = ({ shardId, group, partition }: LagReading) => `${shardId}~${group}~${partition}`;
const cursorSchema = pageCursor.refine((text) => /^\d+~[a-z]+~\d+$/.test(text), FOREIGN_CURSOR);

/** `GET /api/v1/lag` */
export const lagRoute = restRoute({
  method: 'GET',
  path: '/lag',
  summary: 'Seconds behind, backlog and owner of every processor group on every partition',
  scope: 'metrics:read',
  query: z.object({
    limit: pageLimit.optional().describe('absent: all there are'),
    cursor: cursorSchema.optional(),
  }),
  response: lagAnswer,
  async handler({ actor, deps, input: { limit, cursor } }) {
    const shards = await shardsOf(deps, actor.workspaceId);
    const readings = await Promise.all(
      shards.map(async (shard) =>
        (await lagOf(deps, shard)).map((reading) => ({ reading, region: shard.region })),
      ),
    );
    const all = readings.flat();
    const from = cursor === undefined ? 0 : placeAfter(all, cursor);
    const page = all.slice(from, limit === undefined ? undefined : from + limit);
    const last = from + page.length < all.length ? page.at(-1) : undefined;
    return {
      at: new Date(deps.now()).toISOString(),
      partitions: page.map(({ region, reading: { shardId: _, ...reading } }) => ({ region, ...reading })),
      cursor: last ? cursorOf(last.reading) : null,
    };
  },
});

function placeAfter(all: readonly { reading: LagReading }[], cursor: string): number {
  const before = all.findIndex(({ reading }) => cursorOf(reading) === cursor);
  if (before >= 0) return before + 1;
  throw new Fault('bad_request', 'This cursor is not one of ours.', {
    fields: [{ field: 'cursor', reason: FOREIGN_CURSOR }],
  });
}
