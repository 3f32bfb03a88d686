import { z } from 'zod';
import { restRoute } from '@/server/identity';
import { workspaceDigest } from './digest.service';

/** `GET /api/v1/digest` */
export const digestRoute = restRoute({
  method: 'GET',
  path: '/digest',
  summary:
    'A canonical SHA-256 over all keyed state of the workspace, and the offset each partition stood at',
  scope: 'metrics:read',
  response: z.object({
    digest: z.string().describe('hexadecimal'),
    partitions: z.array(
      z.object({
        region: z.string(),
        partition: z.number().int(),
        offset: z.string().describe('last processed entry of the log'),
        customers: z.number().int(),
      }),
    ),
  }),
  handler: ({ actor, deps }) => workspaceDigest(deps, actor.workspaceId),
});
