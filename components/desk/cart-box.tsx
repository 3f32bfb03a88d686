'use client';
import { serverNow } from '@/components/live/use-room';
import { formatDuration, formatMoney } from '@/components/ui/format';
import { useNow } from '@/components/ui/shared-clock';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import type { CardView, CartCard } from '@/server/features/card-view.schema';
import styles from './card-pane.module.css';
import { Section } from './card-section';

const STATUS = { open: 'Open', checkout: 'In checkout', paymentFailed: 'Payment failed' } as const;
const SHOWN_LINES = 4;

/** The cart that is open now, what it is worth, and how long it has. */
export function CartBox({ card: { cart, cartOutcomes } }: { card: CardView }) {
  if (!cart) {
    const [last] = cartOutcomes;
    return (
      <Section title="Cart">
        <p className={styles.words}>
          No open cart.
          {last && (
            <>
              {' '}
              Last: {outcomeWord(last.kind)} <TimeAgo at={last.at} />
              {last.amount && last.currency && ` · ${formatMoney(last.amount, last.currency)}`}
              {!last.final && ' · provisional'}
            </>
          )}
        </p>
      </Section>
    );
  }
  return (
    <Section
      title="Cart"
      note={
        <>
          changed <TimeAgo at={cart.lastAt} />
        </>
      }
    >
      <div className={styles.cartHead}>
        <span className={styles.cartValue}>{formatMoney(cart.value, cart.currency)}</span>
        <StatusBadge tone={cart.atRisk ? 'bad' : 'neutral'}>
          {STATUS[cart.status]}
          {cart.paymentsFailed > 1 && ` ${cart.paymentsFailed}×`}
          {cart.atRisk && ' · at risk'}
        </StatusBadge>
      </div>
      {cart.others.map(({ currency, value }) => (
        <span key={currency} className={styles.words}>
          and {formatMoney(value, currency)}
        </span>
      ))}
      <ul className={styles.lines}>
        {cart.items.slice(0, SHOWN_LINES).map((line) => (
          <li key={`${line.item} ${line.currency}`}>
            <span className={styles.lineTitle}>
              {line.quantity} × {line.title}
            </span>
            <span>{formatMoney(line.value, line.currency)}</span>
          </li>
        ))}
      </ul>
      {cart.items.length > SHOWN_LINES && (
        <p className={styles.words}>and {cart.items.length - SHOWN_LINES} more</p>
      )}
      <AbandonedIn cart={cart} />
    </Section>
  );
}

function AbandonedIn({ cart }: { cart: CartCard }) {
  const now = useNow(1_000);
  if (now === 0) return null;
  const left = cart.abandonsAt - serverNow();
  return (
    <p className={styles.words}>
      {left > 0
        ? `Counts as abandoned in ${formatDuration(Math.floor(left / 1_000) * 1_000)} if nothing happens.`
        : 'Its time is over; it counts as abandoned with the next tick.'}
    </p>
  );
}

const OUTCOMES: Record<string, string> = {
  cartConverted: 'bought',
  cartAbandoned: 'abandoned',
  cartEmptied: 'emptied',
  cartRecovered: 'recovered',
  directOrder: 'order without a cart',
};

const outcomeWord = (kind: string) => OUTCOMES[kind] ?? kind;
