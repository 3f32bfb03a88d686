import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';
import { Fault } from '@/server/core/fault';
import { restRoute } from '@/server/identity';
import { consentWords, signalTitle } from '@/server/privacy';
import { noteCardReadByKey } from './card-access.service';
import { readCustomer } from './customer.service';

const amounts = z.record(z.string(), z.string());

const customerAnswer = z.looseObject({
  customer: z.string().describe('the customer the key belongs to'),
  key: z.string().describe('the key that was asked for'),
  linkedKeys: z.array(z.string()),
  freshness: z.object({
    newestEventAt: z.string().nullable(),
    readAt: z.string(),
    ageMs: z.number().nullable().describe('null: no event is known'),
    expired: z.boolean(),
    expiresAt: z
      .string()
      .nullable()
      .describe('newest event + the workspace’s limit; null: no event is known'),
  }),
  consent: z.object({
    optedOut: z.boolean(),
    denied: z.array(z.string()),
    signals: z.array(z.string()).describe('kinds of consent signals that deny some of it'),
    words: z.string(),
  }),
  firstSeenAt: z.number().nullable().describe('ms since the epoch; null: no event is known'),
  lastSeenAt: z.number().nullable(),
  traits: z.record(z.string(), z.string()),
  events: z.number().int(),
  visits: z.number().int(),
  currentVisit: z.unknown(),
  lastVisits: z.array(z.unknown()),
  cart: z.unknown(),
  carts: z.record(z.string(), z.number().int()),
  cartOutcomes: z.array(z.unknown()),
  rfm: z.looseObject({
    orders: z.number().int(),
    refunds: z.number().int(),
    lastOrderAt: z.number().nullable(),
    monetary: amounts,
  }),
  lastEvents: z.array(z.unknown()).describe('newest first, at most 20'),
  contacts: z.array(z.unknown()),
  nextBestAction: z.unknown(),
});

/** `GET /api/v1/customers/{key}`: what is known of a customer now. */
export const customerRoute = restRoute({
  method: 'GET',
  path: '/customers/{key}',
  summary: 'A customer’s card: visits, carts, purchases, last events, consent, and how fresh it is',
  scope: 'customers:read',
  params: z.object({ key: customerKeySchema }),
  response: customerAnswer,
  async handler({ actor, deps, input }) {
    const card = await readCustomer(deps, actor.workspaceId, input.key);
    if (!card) throw new Fault('not_found', 'Nothing is known of a customer with this key.');
    await noteCardReadByKey(deps, actor, input.key);
    const {
      at,
      readAt,
      ageMs,
      expired,
      expiresAt,
      optedOut,
      denied,
      signals,
      keys,
      traits,
      displayName: _,
      ...rest
    } = card;
    const isKnown = card.events > 0;
    return {
      ...rest,
      firstSeenAt: isKnown ? card.firstSeenAt : null,
      lastSeenAt: isKnown ? card.lastSeenAt : null,
      linkedKeys: keys,
      freshness: {
        newestEventAt: isKnown ? new Date(at).toISOString() : null,
        readAt: new Date(readAt).toISOString(),
        ageMs: isKnown ? ageMs : null,
        expired,
        expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
      },
      consent: { optedOut, denied, signals, words: consentWords(denied, signals.map(signalTitle)) },
      traits: Object.fromEntries(traits.map(({ name, value }) => [name, value])),
    };
  },
});
