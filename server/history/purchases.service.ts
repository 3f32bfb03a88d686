import { Money, moneyText } from '@/server/core/money';
import { knownShards, noteCardRead, readCustomer } from '@/server/features';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { linkedKeysOf } from '@/server/privacy';
import { amountText, purchaseOf } from '@/server/processors';
import { boundedKey } from './copy-text';
import { type PurchaseRow, readPurchases } from './purchases.repository';
import type { PurchaseEvent, Purchases } from './purchases.schema';

/** More than a list can show; beyond it the sums would be of a part, and it is said. */
const MOST_PURCHASES = 5_000;

const NONE: Purchases = { events: [], more: false, orders: 0, lastOrderAt: null, monetary: {} };

/**
 * The orders and refunds in history behind a customer's card, over all linked keys, read as the stream reads them. Being
 * looked at is on record. Of who opted out nothing is shown.
 */
export async function customerPurchases(
  deps: Deps,
  person: Pick<PersonActor, 'workspaceId' | 'userId' | 'name'>,
  customer: string,
): Promise<Purchases> {
  await noteCardRead(deps, person, customer);
  const { workspaceId } = person;
  const [card, { keys }, [shard]] = await Promise.all([
    readCustomer(deps, workspaceId, customer),
    linkedKeysOf(deps, workspaceId, customer),
    knownShards(deps, workspaceId),
  ]);
  if (card?.optedOut || !shard) return NONE;
  const rows = await readPurchases(deps, workspaceId, keys.map(boundedKey), MOST_PURCHASES + 1);
  const listed = rows.slice(0, MOST_PURCHASES);
  const events = listed.flatMap((row) => purchaseEvent(row, shard.settings.currency) ?? []);
  return { ...sumOf(events), events, more: rows.length > MOST_PURCHASES };
}

function purchaseEvent(row: PurchaseRow, currency: string): PurchaseEvent | null {
  const purchase = purchaseOf({ y: 'track', n: row.name, p: row.properties }, currency);
  if (purchase === null) return null;
  const total = new Money(amountText(purchase.total));
  return {
    at: row.at,
    messageId: row.messageId,
    kind: purchase.kind,
    amount: moneyText(purchase.kind === 'order' ? total : total.negated()),
    currency: purchase.currency,
  };
}

function sumOf(events: readonly PurchaseEvent[]): Pick<Purchases, 'orders' | 'lastOrderAt' | 'monetary'> {
  const orders = events.filter(({ kind }) => kind === 'order');
  const sums = new Map<string, Money>();
  for (const { currency, amount } of events) {
    sums.set(currency, (sums.get(currency) ?? new Money(0)).plus(amount));
  }
  return {
    orders: orders.length,
    lastOrderAt: orders[0]?.at ?? null,
    monetary: Object.fromEntries([...sums].map(([currency, sum]) => [currency, moneyText(sum)])),
  };
}
