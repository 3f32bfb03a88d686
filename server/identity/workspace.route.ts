import { z } from 'zod';
import { restRoute } from './rest';
import { readWorkspace } from './workspace.service';

/** The workspace a key belongs to: also the way to see whether a key works. */
export const workspaceRoute = restRoute({
  method: 'GET',
  path: '/workspace',
  summary: 'The workspace of the key, its currency, time zone, regions and settings',
  scope: 'metrics:read',
  response: z.object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    currency: z.string(),
    timeZone: z.string(),
    settings: z.object({
      visitGapMs: z.number(),
      cartGapMs: z.number(),
      latenessMs: z.number(),
      cardTtlMs: z.number(),
    }),
    regions: z.array(z.object({ region: z.string(), partitions: z.number().int() })),
  }),
  handler: ({ actor, deps }) => readWorkspace(deps, actor.workspaceId),
});
