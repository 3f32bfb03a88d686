'use client';
import { Button } from '@mantine/core';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { serverNow } from '@/components/live/use-room';
import { formatDuration, formatMoney } from '@/components/ui/format';
import { Kbd } from '@/components/ui/kbd';
import { Pane } from '@/components/ui/pane';
import { useNow } from '@/components/ui/shared-clock';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import type { CardView } from '@/server/features/card-view.schema';
import type { Viewer } from '@/server/live/queue-room.schema';
import { consentWords } from '@/server/privacy/purpose.schema';
import { signalTitle } from '@/server/privacy/signals/signal-mapping.schema';
import { ActionBox } from './action-box';
import styles from './card-pane.module.css';
import { Section } from './card-section';
import { CartBox } from './cart-box';
import { moodWord } from './transcript';

const PurchasesDrawer = dynamic(() => import('./purchases-drawer').then((module) => module.PurchasesDrawer), {
  ssr: false,
});

interface CardPaneProps {
  card: CardView;
  viewers: readonly Viewer[];
  revealed: boolean;
  stale: boolean;
  reason: string | null;
  userId: string;
  onReveal: () => void;
  onMask: () => void;
}

/** Who this is and what may be done for them. What is personal is masked until it is revealed with a reason. */
export function CardPane(props: CardPaneProps) {
  const { card, viewers, revealed, stale, reason, userId, onReveal, onMask } = props;
  const expired = useExpired(card);
  const others = viewers.filter((viewer) => viewer.userId !== userId);
  return (
    <Pane
      title="Card"
      note={
        <>
          newest <TimeAgo at={card.at} />
        </>
      }
      padded={false}
      className={styles.pane}
    >
      <div
        className={styles.scroller}
        data-stale={stale || expired !== null}
        title={(stale ? reason : expired) ?? undefined}
      >
        <header className={styles.who}>
          <div className={styles.nameRow}>
            <span className={styles.name}>{card.displayName}</span>
            {!card.optedOut && (
              <Button size="compact-xs" variant="default" onClick={revealed ? onMask : onReveal}>
                {revealed ? 'Mask again' : 'Reveal'}
                {!revealed && (
                  <span className={styles.key}>
                    <Kbd keys="R" />
                  </span>
                )}
              </Button>
            )}
          </div>
          <span className={styles.keys}>
            {card.customer}
            {card.keys.length > 0 &&
              ` · ${card.keys.length} linked ${card.keys.length === 1 ? 'key' : 'keys'}`}
          </span>
          {others.length > 0 && (
            <span className={styles.viewers}>Also looking: {others.map(({ name }) => name).join(', ')}</span>
          )}
          {revealed && <StatusBadge tone="warn">Personal data shown · on record</StatusBadge>}
          {expired && <StatusBadge tone="neutral">{expired}</StatusBadge>}
        </header>
        <Consent card={card} />
        {!card.optedOut && (
          <>
            <ActionBox card={card} />
            <CartBox card={card} />
            <Rfm card={card} />
            <Traits card={card} />
            <Contacts card={card} />
          </>
        )}
      </div>
    </Pane>
  );
}

/** Why the card says little of now, in words; null while it does not. No push comes when nothing happens: the time is watched here. */
function useExpired({ at, expiresAt }: CardView): string | null {
  const now = useNow(500);
  if (now === 0 || expiresAt === null || serverNow() <= expiresAt) return null;
  return `Expired: nothing has come for ${formatDuration(expiresAt - at)} or more`;
}

function Consent({ card }: { card: CardView }) {
  const tone = card.optedOut ? 'bad' : card.denied.length > 0 ? 'warn' : 'good';
  const word = card.optedOut ? 'Opted out' : card.denied.length > 0 ? 'Limited' : 'All purposes allowed';
  return (
    <Section title="Consent">
      <StatusBadge tone={tone}>{word}</StatusBadge>
      <p className={styles.words}>{consentWords(card.denied, card.signals.map(signalTitle))}</p>
    </Section>
  );
}

function Rfm({ card: { customer, rfm, visits, carts } }: { card: CardView }) {
  const [opened, setOpened] = useState(false);
  const sums = Object.entries(rfm.monetary);
  return (
    <Section title="Purchases" note="all time">
      <dl className={styles.triple}>
        <Purchase name="Recency" onOpen={() => setOpened(true)}>
          {rfm.recencyDays === null ? <Unknown why="no order yet" /> : `${rfm.recencyDays} d`}
        </Purchase>
        <Purchase name="Frequency" onOpen={() => setOpened(true)}>
          {rfm.orders} {rfm.orders === 1 ? 'order' : 'orders'}
        </Purchase>
        <Purchase name="Monetary" onOpen={() => setOpened(true)}>
          {sums.length === 0 && <Unknown why="no order yet" />}
          {sums.map(([currency, amount]) => (
            <span key={currency}>{formatMoney(amount, currency)}</span>
          ))}
        </Purchase>
      </dl>
      <p className={styles.words}>
        {visits} {visits === 1 ? 'visit' : 'visits'} · {carts.opened} {carts.opened === 1 ? 'cart' : 'carts'}:{' '}
        {carts.converted} bought, {carts.abandoned} abandoned, {carts.recovered} recovered
      </p>
      {opened && <PurchasesDrawer customer={customer} rfm={rfm} onClose={() => setOpened(false)} />}
    </Section>
  );
}

interface PurchaseProps {
  name: string;
  children: ReactNode;
  onOpen: () => void;
}

/** A number that opens the events it was made from. */
function Purchase({ name, children, onOpen }: PurchaseProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <button type="button" className={styles.made} title="Shows the events behind it" onClick={onOpen}>
          {children}
        </button>
      </dd>
    </div>
  );
}

function Unknown({ why }: { why: string }) {
  return (
    <span title={why}>
      –<span className="mr-visually-hidden">{why}</span>
    </span>
  );
}

function Traits({ card: { traits } }: { card: CardView }) {
  if (traits.length === 0) return null;
  return (
    <Section title="Told of them">
      <dl className={styles.traits}>
        {traits.map(({ name, value, masked }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={masked ? 'Masked; reveal with a reason to see it' : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Contacts({ card: { contacts } }: { card: CardView }) {
  return (
    <Section title="Last contacts">
      {contacts.length === 0 && <p className={styles.words}>None that is still kept.</p>}
      <ul className={styles.contacts}>
        {contacts.slice(0, 5).map((contact) => (
          <li key={contact.id}>
            <span>{contact.channel === 'call' ? 'Call' : 'Chat'}</span>
            <span className={styles.when}>
              <TimeAgo at={contact.startedAt} /> · {formatDuration(contact.lastAt - contact.startedAt)}
            </span>
            <span className={styles.mood}>
              {contact.open ? 'open' : 'ended'}
              {contact.sentiment !== null && ` · ${moodWord(contact.sentiment)}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
