import { z } from 'zod';
import { restRoute, shardsOf } from '@/server/identity';
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
});

/** `GET /api/v1/lag` */
export const lagRoute = restRoute({
  method: 'GET',
  path: '/lag',
  summary: 'Seconds behind, backlog and owner of every processor group on every partition',
  scope: 'metrics:read',
  response: lagAnswer,
  async handler({ actor, deps }) {
    const shards = await shardsOf(deps, actor.workspaceId);
    const readings = await Promise.all(
      shards.map(async (shard) =>
        (await lagOf(deps, shard)).map(({ shardId: _, ...reading }) => ({
          region: shard.region,
          ...reading,
        })),
      ),
    );
    return { at: new Date(deps.now()).toISOString(), partitions: readings.flat() };
  },
});
