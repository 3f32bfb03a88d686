'use client';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useRoom } from '@/components/live/use-room';
import { formatWhole } from '@/components/ui/format';
import { PageLink } from '@/components/ui/page-link';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { StatusBadge, type Tone } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import type { DebuggerEntry } from '@/server/ingestion/debugger-entry.schema';
import styles from './ingestion.module.css';
import { reasonWords } from './reason-words';

const SHOWN = 60;
/** The sample of an event without properties: nothing to read. */
const NO_PROPERTIES = '{}';
const OUTCOMES: Readonly<Record<DebuggerEntry['outcome'], { tone: Tone; word: string }>> = {
  taken: { tone: 'good', word: 'taken' },
  duplicate: { tone: 'warn', word: 'taken before' },
  refused: { tone: 'bad', word: 'refused' },
};

interface Feed {
  items: DebuggerEntry[];
}

/** What the collector answers just now, newest first. Holds still while paused. */
export function ArrivalList() {
  const room = useRoom<Feed>('debugger');
  const [paused, setPaused] = useState<DebuggerEntry[] | null>(null);
  // What came while the page joined may be told twice: in the snapshot, and as news.
  const arrived = [...new Map((room.data?.items ?? []).map((entry) => [entry.id, entry])).values()];
  const shown = (paused ?? arrived).slice(-SHOWN).reverse();
  const held = new Set(paused?.map(({ id }) => id));
  const waiting = paused === null ? 0 : arrived.filter(({ id }) => !held.has(id)).length;
  return (
    <Pane
      title="What arrives"
      note={room.stale ? room.reason : 'live, a sample of at most 20 a second'}
      actions={
        <Button variant="default" onClick={() => setPaused(paused === null ? [...arrived] : null)}>
          {paused === null ? 'Hold still' : `Go on (${waiting} new)`}
        </Button>
      }
    >
      {room.status === 'refused' && <ErrorState compact>{room.reason ?? undefined}</ErrorState>}
      {room.status !== 'refused' && shown.length === 0 && (
        <EmptyState title="Nothing has arrived since you opened this page" icon="sources" compact>
          Run one of the snippets. The event shows here as soon as the collector has answered it.
        </EmptyState>
      )}
      <ol className={styles.arrivals} data-stale={room.stale} aria-live="off">
        {shown.map((entry) => (
          <Arrival key={entry.id} entry={entry} />
        ))}
      </ol>
    </Pane>
  );
}

function Arrival({ entry }: { entry: DebuggerEntry }) {
  const { tone, word } = OUTCOMES[entry.outcome];
  return (
    <li className={styles.arrival}>
      <div className={styles.arrivalHead}>
        <StatusBadge tone={tone}>{word}</StatusBadge>
        <strong>{entry.name || entry.type || 'event'}</strong>
        <span className={styles.quiet}>{entry.customer}</span>
        <span className={styles.when}>
          <TimeAgo at={entry.at} />
        </span>
      </div>
      {entry.outcome === 'refused' && (
        <p className={styles.why}>
          {reasonWords(entry.reason ?? '')}
          {entry.field ? ` · ${entry.field}` : ''}: {entry.detail}{' '}
          <PageLink href="/dead-letters">Dead letters</PageLink>
        </p>
      )}
      {entry.sample !== NO_PROPERTIES && <code className={styles.sample}>{entry.sample}</code>}
      {entry.skipped > 0 && <span className={styles.quiet}>{formatWhole(entry.skipped)} more not shown</span>}
    </li>
  );
}
