import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';
import { restRoute } from '@/server/identity/rest';
import { consentCard } from './consent.service';
import { consentAnswerSchema, optOutAnswerSchema, optOutInputSchema } from './opt-out.schema';
import { changeConsent } from './opt-out.service';

/** A program passes on a customer's wish to be left alone. Answered once it is in force everywhere. */
export const postOptOut = restRoute({
  method: 'POST',
  path: '/opt-outs',
  summary:
    'Opts a customer out, with every linked key; answers when no decision can use the customer any more',
  scope: 'consent:write',
  body: optOutInputSchema,
  response: optOutAnswerSchema,
  handler: ({ actor, deps, input }) =>
    changeConsent(deps, {
      ...input,
      workspaceId: actor.workspaceId,
      optedIn: false,
      actor: { kind: 'key', id: actor.keyId },
    }),
});

export const getOptOut = restRoute({
  method: 'GET',
  path: '/opt-outs/{customer}',
  summary: 'What a customer allows, and when the last opt-out took effect',
  scope: 'consent:read',
  params: z.object({ customer: customerKeySchema }),
  response: consentAnswerSchema,
  handler: async ({ actor, deps, input }) => {
    const { customer, optedOut, denied, words, linkedKeys, requests } = await consentCard(
      deps,
      actor.workspaceId,
      input.customer,
    );
    const last = requests.find((request) => !request.optedIn && request.acknowledgedAt !== null);
    const acknowledgedAt = denied.length > 0 ? (last?.acknowledgedAt?.toISOString() ?? null) : null;
    return { customer, optedOut, denied, words, acknowledgedAt, linkedKeys };
  },
});
