'use client';
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { Pane } from '@/components/ui/pane';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { toast, wordsOf } from '@/components/ui/toast';
import type { DeadLetter } from '@/server/ingestion/dead-letter.schema';
import styles from './ingestion.module.css';
import { reasonWords } from './reason-words';

interface Props {
  letter: DeadLetter;
  sourceName: string;
  onClose: () => void;
}

/** One refused event: what is wrong, its masked sample, and the way to mend it and send it again. */
export function DeadLetterDetail({ letter, sourceName, onClose }: Props) {
  const mayReplay = useMay()('deadLetter.replay') && letter.replayable;
  return (
    <Pane
      title={reasonWords(letter.reason)}
      note={letter.field ?? undefined}
      actions={
        <Button variant="subtle" onClick={onClose}>
          Close
        </Button>
      }
    >
      <p className={styles.detail}>{letter.detail}</p>
      <dl className={styles.facts}>
        <dt>Source</dt>
        <dd>{sourceName}</dd>
        <dt>Message id</dt>
        <dd>{letter.messageId ?? '– (it had none that could be read)'}</dd>
        <dt>Received</dt>
        <dd>
          <TimeAgo at={letter.receivedAt} />
        </dd>
        <dt>Replayed</dt>
        <dd>{letter.replayedAt === null ? 'not yet' : <TimeAgo at={letter.replayedAt} />}</dd>
      </dl>
      <h3 className={styles.subtitle}>Masked sample</h3>
      <pre className={styles.code}>{letter.sample || 'No sample was kept.'}</pre>
      {mayReplay ? (
        <Mend letter={letter} />
      ) : (
        <p className={styles.quiet}>
          {letter.replayable
            ? 'Your role may not replay events.'
            : 'The event itself was not kept, because it was too large or came from the log. It cannot be replayed.'}
        </p>
      )}
    </Pane>
  );
}

function Mend({ letter }: { letter: DeadLetter }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [original, setOriginal] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  const open = useMutation(
    trpc.deadLetters.open.mutationOptions({
      onSuccess: ({ event }) => {
        setOriginal(event);
        setText(event);
      },
    }),
  );
  const replay = useMutation(
    trpc.deadLetters.replay.mutationOptions({
      onSuccess: ({ accepted, duplicate }) => {
        setRefused(null);
        const words = duplicate ? 'It was in the log already.' : `${accepted} taken into the log.`;
        void toast(words, 'good', 'Replayed');
        void queries.invalidateQueries(trpc.deadLetters.pathFilter());
      },
      onError: (error) => setRefused(wordsOf(error)),
    }),
  );
  const edited = original !== null && text !== original;
  return (
    <div className={styles.mend}>
      <h3 className={styles.subtitle}>Fix and replay</h3>
      {original === null ? (
        <Button variant="default" loading={open.isPending} onClick={() => open.mutate({ id: letter.id })}>
          Open the event (audited)
        </Button>
      ) : (
        <Textarea
          aria-label="The event as JSON"
          autosize
          minRows={8}
          maxRows={24}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          classNames={{ input: styles.editor ?? '' }}
          spellCheck={false}
        />
      )}
      {refused !== null && (
        <p role="alert">
          <StatusBadge tone="bad">{refused}</StatusBadge>
        </p>
      )}
      <div className={styles.row}>
        <Button
          loading={replay.isPending}
          onClick={() => replay.mutate({ id: letter.id, ...(edited ? { edited: text } : {}) })}
        >
          {edited ? 'Replay with the edit' : 'Replay as it came'}
        </Button>
        {edited && (
          <Button variant="subtle" onClick={() => setText(original ?? '')}>
            Undo the edit
          </Button>
        )}
      </div>
    </div>
  );
}
