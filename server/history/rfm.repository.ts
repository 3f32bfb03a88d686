import { Prisma } from '@/prisma/client/client';
import { Money, moneyText } from '@/server/core/money';
import type { Purchaser } from '@/server/features';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { customerRoots } from './totals.repository';

/** Customers with an order up to an instant (included), money in one currency; linked keys are one customer. */
export function purchasersAsOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  asOf: number,
  currency: string,
): Promise<Purchaser[]> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    const rows = await tx.$queryRaw<
      { customer: string; orders: bigint; last: Date; monetary: string | null }[]
    >(
      Prisma.sql`
        WITH RECURSIVE ${customerRoots(workspaceId)},
        purchases AS (
          SELECT coalesce(roots.root, fact.customer) AS customer, fact.kind, fact.at, fact.currency,
                 sum(fact.sign) AS n, sum(fact.sign * fact.amount) AS amount
          FROM history_facts fact LEFT JOIN roots ON roots.key = fact.customer
          WHERE fact.workspace_id = ${workspaceId} AND fact.kind IN ('order', 'refund') AND fact.at <= ${new Date(asOf)}
          GROUP BY 1, 2, 3, 4
        )
        SELECT customer,
               coalesce(sum(n) FILTER (WHERE kind = 'order'), 0)::bigint AS orders,
               max(at) FILTER (WHERE kind = 'order' AND n > 0) AS last,
               sum(CASE kind WHEN 'order' THEN amount ELSE -amount END) FILTER (WHERE currency = ${currency})::text
                 AS monetary
        FROM purchases GROUP BY customer
        HAVING sum(n) FILTER (WHERE kind = 'order') > 0
        ORDER BY customer COLLATE "C"`,
    );
    return rows.map(({ customer, orders, last, monetary }) => ({
      customer,
      orders: Number(orders),
      lastOrderAt: last.getTime(),
      monetary: moneyText(new Money(monetary ?? '0')),
    }));
  });
}
