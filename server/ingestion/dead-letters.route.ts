import { restRoute } from '@/server/identity';
import { deadLetterFilterSchema, deadLetterPageSchema } from './dead-letter.schema';
import { deadLetterPage } from './dead-letter.service';

/** `GET /api/v1/dead-letters` */
export const deadLettersRoute = restRoute({
  method: 'GET',
  path: '/dead-letters',
  summary: 'Refused events, newest first: why, where in the event, and a masked sample',
  scope: 'messages:read',
  query: deadLetterFilterSchema,
  response: deadLetterPageSchema,
  handler: ({ actor, deps, input }) => deadLetterPage(deps, actor.workspaceId, input),
});
