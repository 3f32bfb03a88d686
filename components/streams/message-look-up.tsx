'use client';
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { useAddressParam } from '@/components/ui/address';
import { formatDateTime } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge, type Tone } from '@/components/ui/status-badge';
import type { MessageAttempt, MessageHistory } from '@/server/history/message.service';
import styles from './duplicates-page.module.css';

/** One message by its id: every attempt, and its one effect. The id stands in the address. */
export function MessageLookUp() {
  const [id, setId] = useAddressParam('message');
  const [text, setText] = useState(id);
  const [shown, setShown] = useState(id);
  if (shown !== id) {
    setShown(id);
    setText(id);
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setId(text.trim());
  };
  return (
    <Pane title="What became of a message?">
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label="Message id"
          placeholder="messageId, or a CloudEvent’s id"
          value={text}
          maxLength={1_000}
          onChange={(event) => setText(event.currentTarget.value)}
          className={styles.input}
        />
        <Button type="submit">Look up</Button>
      </form>
      {id !== '' && <Found id={id} />}
    </Pane>
  );
}

function Found({ id }: { id: string }) {
  const trpc = useTRPC();
  const answer = useQuery(trpc.history.message.queryOptions({ messageId: id }, { refetchInterval: 5_000 }));
  if (answer.isError && !answer.data) return <ErrorState compact onRetry={() => answer.refetch()} />;
  if (answer.isPending) return <SkeletonLines lines={3} />;
  if (!answer.data) {
    return (
      <EmptyState compact title="No message with this id has been seen">
        Ids are compared as they are, letter by letter.
      </EmptyState>
    );
  }
  return <History history={answer.data} />;
}

function History({ history }: { history: MessageHistory }) {
  const attempts = withLeaks(history.attempts);
  return (
    <div className={styles.found}>
      <Effect history={history} leaks={attempts.filter(({ isLeak }) => isLeak).length} />
      <ol className={styles.attempts} aria-label="Attempts">
        {attempts.map(({ at, sourceId, outcome, isLeak, reason, detail }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts stand in their order and only grow
          <li key={index} data-outcome={isLeak ? 'leaked' : outcome}>
            <time dateTime={at}>{formatDateTime(Date.parse(at))}</time>
            <StatusBadge tone={toneOf(outcome, isLeak)}>{isLeak ? 'leaked' : WORDS[outcome]}</StatusBadge>
            <span className={styles.source}>source {sourceId || 'not known'}</span>
            {reason && <span className={styles.quiet}>{detail ?? reason}</span>}
          </li>
        ))}
      </ol>
      {history.more && <p className={styles.quiet}>There may be more attempts than are listed here.</p>}
    </div>
  );
}

const WORDS: Record<MessageAttempt['outcome'], string> = {
  accepted: 'taken',
  duplicate: 'duplicate, suppressed',
  refused: 'refused',
};

function toneOf(outcome: MessageAttempt['outcome'], isLeak: boolean): Tone {
  if (isLeak) return 'bad';
  if (outcome === 'accepted') return 'good';
  return outcome === 'refused' ? 'warn' : 'neutral';
}

/** An attempt that was taken after one of the same source was: a second effect. Another source is another message. */
function withLeaks(attempts: readonly MessageAttempt[]): (MessageAttempt & { isLeak: boolean })[] {
  const taken = new Set<string>();
  return attempts.map((attempt) => {
    const isLeak = attempt.outcome === 'accepted' && taken.has(attempt.sourceId);
    if (attempt.outcome === 'accepted') taken.add(attempt.sourceId);
    return { ...attempt, isLeak };
  });
}

function Effect({ history: { effect }, leaks }: { history: MessageHistory; leaks: number }) {
  if (!effect) return <p className={styles.effect}>It had no effect: no attempt was taken.</p>;
  return (
    <p className={styles.effect}>
      {leaks === 0 ? 'One effect: ' : `${leaks + 1} effects where there should be one; the first: `}
      <strong>{effect.name}</strong> of {effect.customer ?? 'a customer who opted out'}, partition{' '}
      {effect.partition}, position {effect.position},{' '}
      {effect.processed ? 'processed' : 'waiting to be processed'}.
    </p>
  );
}
