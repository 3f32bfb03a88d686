import { z } from 'zod';
import { isInstant } from '@/server/core/calendar';
import { Fault } from '@/server/core/fault';
import { FOREIGN_CURSOR, pageCursor, pageLimit } from '@/server/core/page.schema';
import { type RfmRow, rfmTable } from '@/server/features';
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

/** Where a page begins: behind a customer, in a table of one instant. */
interface Place {
  asOf: number;
  /** bytes of the key, by which the table is in order */
  after: Buffer;
}

const cursorSchema = pageCursor.transform((text, context): Place => {
  const [, at, key] = /^(-?\d+)~([\w-]+)$/.exec(text) ?? [];
  if (at !== undefined && key !== undefined && isInstant(Number(at))) {
    return { asOf: Number(at), after: Buffer.from(key, 'base64url') };
  }
  context.addIssue(FOREIGN_CURSOR);
  return z.NEVER;
});

const LINES_A_CHUNK = 1_000;

/** `GET /api/v1/rfm?asOf`: one line per customer with an order. */
export const rfmRoute = restRoute({
  method: 'GET',
  path: '/rfm',
  summary:
    'Recency, frequency and monetary value of every customer with an order, as of an instant (default: now)',
  scope: 'customers:read',
  query: z.object({
    asOf: instantSchema.optional(),
    limit: pageLimit.optional().describe('absent: all there are'),
    cursor: cursorSchema.optional(),
  }),
  response: rfmLine,
  contentType: 'application/x-ndjson',
  headers: { Link: 'with `rel="next"`: the next page; absent at the end, and where no `limit` was given' },
  async handler({ actor, deps, input }) {
    const { limit, cursor } = input;
    // Scores are told of one instant: all pages are as of that of the first.
    const asOf = cursor?.asOf ?? input.asOf ?? deps.now();
    if (asOf !== (input.asOf ?? asOf)) {
      throw new Fault('bad_request', 'This cursor is of another instant.', {
        fields: [{ field: 'cursor', reason: 'is of another asOf' }],
      });
    }
    const [shard] = await shardsOf(deps, actor.workspaceId);
    const purchasers = await purchasersAsOf(deps, actor.workspaceId, asOf, shard?.currency ?? 'USD');
    const table = rfmTable(purchasers, asOf);
    const from = cursor === undefined ? 0 : placeAfter(table, cursor.after);
    const rows = table.slice(from, limit === undefined ? undefined : from + limit);
    const last = from + rows.length < table.length ? rows.at(-1) : undefined;
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
      headers: {
        'content-type': 'application/x-ndjson',
        'cache-control': 'no-store',
        ...(last && limit !== undefined ? { link: nextPage(asOf, limit, last) } : {}),
      },
    });
  },
});

/** Index of the first row behind a key: whoever left the table meanwhile leaves a place in the order all the same. */
function placeAfter(table: readonly RfmRow[], key: Buffer): number {
  const found = table.findIndex(({ customer }) => Buffer.compare(Buffer.from(customer), key) > 0);
  return found < 0 ? table.length : found;
}

/** RFC 8288: a place beside the lines, so that who reads those alone need not know of pages. */
function nextPage(asOf: number, limit: number, { customer }: RfmRow): string {
  const cursor = `${asOf}~${Buffer.from(customer).toString('base64url')}`;
  const query = new URLSearchParams({ asOf: String(asOf), limit: String(limit), cursor });
  return `</api/v1/rfm?${query}>; rel="next"`;
}
