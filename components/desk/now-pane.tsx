// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard
'use client';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { formatDuration, formatMoney, formatTime } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState } from '@/components/ui/states';
import { TimeAgo } from '@/components/ui/time-ago';
import type { CardEvent, CardView } from '@/server/features/card-view.schema';
import type { TurnContest } from '@/server/features/label-contest.schema';
import { foldTimeline } from './fold-timeline';
import styles from './now-pane.module.css';
import { SentimentStrip, Transcript } from './transcript';

interface NowPaneProps {
  card: CardView;
  contests: readonly TurnContest[] | null;
  stale: boolean;
  reason: string | null;
}

/** What happens now: the call or chat as it is spoken, else the visit as it moves, newest at the bottom. */
export function NowPane({ card, contests, stale, reason }: NowPaneProps) {
  const open = card.contacts.find((contact) => contact.open);
  const [view, setView] = useState<'contact' | 'visit'>('contact');
  const isContact = open !== undefined && view === 'contact';
  const title = isContact ? (open.channel === 'call' ? 'Call now' : 'Chat now') : 'Visit';
  const note = (
    <>
      {visitWords(card)} · newest <TimeAgo at={card.at} />
    </>
  );
  const actions = open && (
    <button type="button" className={styles.switch} onClick={() => setView(isContact ? 'visit' : 'contact')}>
      {isContact ? 'Show the visit' : `Show the ${open.channel}`}
    </button>
  );
  return (
    <Pane title={title} note={note} actions={actions} padded={false} className={styles.pane}>
      <div className={styles.frame} data-stale={stale} title={stale ? (reason ?? undefined) : undefined}>
        {isContact && <SentimentStrip contact={open} contests={contests} />}
        <StickToBottom newest={isContact ? open.turns.length : card.at} id={card.customer}>
          {isContact ? (
            <Transcript customer={card.customer} contact={open} contests={contests} />
          ) : (
            <Timeline newestFirst={card.lastEvents} />
          )}
        </StickToBottom>
      </div>
    </Pane>
  );
}

function visitWords({ currentVisit: visit, visits }: CardView): string {
  const count = `${visits} ${visits === 1 ? 'visit' : 'visits'}`;
  if (!visit) return `not visiting · ${count}`;
  return `${formatDuration(visit.durationMs)} on ${visit.platform} · ${count}`;
}

/** Follows the newest line as long as the reader is at the bottom. */
function StickToBottom({ newest, id, children }: { newest: number; id: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another customer starts at the end
  useEffect(() => {
    isAtEnd.current = true;
  }, [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is newest decides when to follow
  useLayoutEffect(() => {
    const element = box.current;
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [newest, id]);
  return (
    <div
      ref={box}
      className={styles.scroller}
      tabIndex={0}
      role="log"
      aria-label="What happens now"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      {children}
    </div>
  );
}

function Timeline({ newestFirst }: { newestFirst: readonly CardEvent[] }) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  if (newestFirst.length === 0) {
    return (
      <EmptyState title="Nothing kept of this visit" compact>
        Events show here the moment they are processed.
      </EmptyState>
    );
  }
  return (
    <ol className={styles.timeline}>
      {foldTimeline(newestFirst.toReversed()).map((part) => {
        if (part.kind === 'event') return <EventLine key={part.key} event={part.event} />;
        if (unfolded.has(part.key))
          return part.events.map((event) => <EventLine key={event.id} event={event} />);
        return (
          <li key={part.key} className={styles.fold}>
            <button
              type="button"
              className={styles.unfold}
              onClick={() => setUnfolded(new Set([...unfolded, part.key]))}
            >
              {part.label}
            </button>
          </li>
        );
      })}
    </ol>
  );
}

const BAD = new Set(['Payment Failed', 'Order Cancelled', 'Order Refunded']);
const GOOD = new Set(['Order Completed']);

function EventLine({ event }: { event: CardEvent }) {
  const tone = BAD.has(event.name) ? 'bad' : GOOD.has(event.name) ? 'good' : 'plain';
  return (
    <li className={styles.event} data-tone={tone} data-event={event.id}>
      <time className={styles.time} dateTime={new Date(event.at).toISOString()} suppressHydrationWarning>
        {formatTime(event.at)}
      </time>
      <span className={styles.name}>
        {event.type === 'page' ? 'Page ' : event.type === 'screen' ? 'Screen ' : ''}
        {event.name}
        {event.item && <span className={styles.item}>{event.item}</span>}
      </span>
      {event.amount && (
        <span className={styles.amount} title="Amount as the event named it">
          {formatMoney(event.amount, event.currency)}
        </span>
      )}
    </li>
  );
}
