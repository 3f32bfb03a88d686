import { z } from 'zod';
import { restRoute } from '@/server/identity';
import { instantSchema } from './instant.schema';
import { totals } from './totals.service';

const count = z.number().int();
const money = z.string().describe('exact decimal');

const totalsAnswer = z.object({
  from: z.string().nullable(),
  to: z.string().nullable(),
  currency: z.string(),
  events: count.describe('each once'),
  customers: count.describe('linked keys are one customer'),
  visits: count,
  cartsOpened: count,
  cartsConverted: count,
  cartsAbandoned: count,
  cartsEmptied: count,
  cartsRecovered: count,
  directOrders: count,
  abandonedValue: money,
  revenue: money.describe(
    'totals of the orders completed in the window; refunds are not subtracted here, they are in `monetary` of rfm',
  ),
  otherCurrencies: z.record(z.string(), z.object({ abandonedValue: money, revenue: money })),
  duplicates: count,
  late: count,
  deadLetters: count,
  provisional: z.boolean().describe('results may still change without anything late'),
});

/** `GET /api/v1/totals?from&to` */
export const totalsRoute = restRoute({
  method: 'GET',
  path: '/totals',
  summary: 'What happened in a half-open window of event time; without from or to it is open on that side',
  scope: 'metrics:read',
  query: z.object({ from: instantSchema.optional(), to: instantSchema.optional() }),
  response: totalsAnswer,
  handler: ({ actor, deps, input }) =>
    totals(deps, actor.workspaceId, { from: input.from ?? null, to: input.to ?? null }),
});
