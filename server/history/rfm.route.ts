import { z } from 'zod';
import { rfmTable } from '@/server/features';
import { restRoute, shardsOf } from '@/server/identity';
import { instantSchema } from './instant.schema';
import { purchasersAsOf } from './rfm.repository';

const score = z.number().int().min(1).max(5);

const rfmLine = z.object({
  customer: z.string(),
  recencyDays: z.number().int().describe('whole days since the last order'),
  frequency: z.number().int().describe('orders'),
  monetary: z.string().describe('order totals less refunds, exact decimal in the workspace’s currency'),
  r: score,
  f: score,
  m: score,
});

const LINES_A_CHUNK = 1_000;

/** `GET /api/v1/rfm?asOf`: one line per customer with an order. */
export const rfmRoute = restRoute({
  method: 'GET',
  path: '/rfm',
  summary:
    'Recency, frequency and monetary value of every customer with an order, as of an instant (default: now)',
  scope: 'customers:read',
  query: z.strictObject({ asOf: instantSchema.optional() }),
  response: rfmLine,
  contentType: 'application/x-ndjson',
  async handler({ actor, deps, input }) {
    const asOf = input.asOf ?? deps.now();
    const [shard] = await shardsOf(deps, actor.workspaceId);
    const purchasers = await purchasersAsOf(deps, actor.workspaceId, asOf, shard?.currency ?? 'USD');
    const rows = rfmTable(purchasers, asOf);
    let at = 0;
    const lines = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = rows.slice(at, at + LINES_A_CHUNK);
        at += chunk.length;
        if (chunk.length === 0) controller.close();
        else controller.enqueue(Buffer.from(chunk.map((row) => `${JSON.stringify(row)}\n`).join('')));
      },
    });
    return new Response(lines, {
      headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' },
    });
  },
});
