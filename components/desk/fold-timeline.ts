import type { CardEvent } from '@/server/features/card-view.schema';

/** A stretch of the visit: one event that matters, or several quiet ones folded into a line. */
export type TimelinePart =
  | { kind: 'event'; key: string; event: CardEvent }
  | { kind: 'fold'; key: string; label: string; events: CardEvent[] };

/** What an agent need not read one by one. */
const CART = new Set(['Product Added', 'Product Removed', 'Cart Viewed', 'Coupon Applied']);
const VIEWS = new Set([
  'Product Viewed',
  'Product List Viewed',
  'Product Clicked',
  'Products Searched',
  'Promotion Viewed',
]);

type Quiet = 'view' | 'cart' | 'turn';

const FOLDED: Record<Quiet, string> = {
  view: 'page views',
  cart: 'cart changes',
  turn: 'turns of a call or chat',
};

function quietKind(event: CardEvent): Quiet | null {
  if (event.type === 'page' || event.type === 'screen' || VIEWS.has(event.name)) return 'view';
  if (event.name === 'Transcript Segment') return 'turn';
  return CART.has(event.name) ? 'cart' : null;
}

/** The visit with page views and cart changes folded; what came last is always shown as it is. */
export function foldTimeline(events: readonly CardEvent[]): TimelinePart[] {
  const parts: TimelinePart[] = [];
  let open: { kind: Quiet; events: CardEvent[] } | null = null;
  const close = () => {
    if (open) parts.push(partOf(open));
    open = null;
  };
  for (const [index, event] of events.entries()) {
    const kind = index === events.length - 1 ? null : quietKind(event);
    if (kind === null) {
      close();
      parts.push({ kind: 'event', key: event.id, event });
    } else if (open !== null && (open as { kind: Quiet }).kind === kind) {
      (open as { events: CardEvent[] }).events.push(event);
    } else {
      close();
      open = { kind, events: [event] };
    }
  }
  close();
  return parts;
}

function partOf({ kind, events }: { kind: Quiet; events: CardEvent[] }): TimelinePart {
  const [first] = events;
  if (events.length === 1 && first) return { kind: 'event', key: first.id, event: first };
  const label = `${events.length} ${FOLDED[kind]}`;
  return { kind: 'fold', key: `${first?.id ?? ''}+`, label, events };
}
