import { z } from 'zod';
import { Fault } from '@/server/core/fault';
import { restRoute } from '@/server/identity';
import { messageHistory } from './message.service';

/** `GET /api/v1/messages/{messageId}` */
export const messageRoute = restRoute({
  method: 'GET',
  path: '/messages/{messageId}',
  summary: 'Every attempt to deliver a message, and the one effect it had',
  scope: 'messages:read',
  params: z.object({ messageId: z.string().min(1).max(1_000) }),
  response: z.object({
    messageId: z.string(),
    attempts: z.array(
      z.object({
        at: z.string(),
        outcome: z.enum(['accepted', 'duplicate', 'refused']),
        sourceId: z.string(),
        reason: z.string().optional(),
        field: z.string().nullable().optional(),
        detail: z.string().optional(),
      }),
    ),
    more: z
      .boolean()
      .describe('there are attempts beyond those listed, or may be: not all that waits was looked through'),
    effect: z
      .object({
        partition: z.number().int(),
        position: z.string(),
        name: z.string(),
        customer: z.string().nullable().describe('masked; null when opted out'),
        processed: z.boolean(),
      })
      .nullable(),
  }),
  async handler({ actor, deps, input }) {
    const history = await messageHistory(deps, actor.workspaceId, input.messageId);
    if (!history) throw new Fault('not_found', 'No message with this id has been seen.');
    return history;
  },
});
