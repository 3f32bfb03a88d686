'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '@/components/api';
import { formatCount } from '@/components/ui/format';
import {
  CONTACT_CHANNELS,
  type ContactChannel,
  type ContextStanding,
} from '@/server/use-cases/context-standing.schema';
import styles from './queue-pane.module.css';

const AGAIN_MS = 2_000;
const WORDS: Record<ContactChannel, string> = { chat: 'open chat', call: 'open call' };

/** How far behind what is known of whom is, by customer; null: not known. Those within their service level are absent. */
export type OldContexts = ReadonlyMap<string, number | null>;

/** Who is in a contact on old context, and what to say of it. */
export function useOldContext() {
  const trpc = useTRPC();
  const { data, isError } = useQuery(
    trpc.queue.context.queryOptions(undefined, { refetchInterval: AGAIN_MS, staleTime: 0 }),
  );
  const contacts = data?.contacts;
  const old: OldContexts = useMemo(
    () => new Map((contacts ?? []).map(({ customer, lagSeconds }) => [customer, lagSeconds])),
    [contacts],
  );
  const notes = isError
    ? ['How old the context of open chats and calls is cannot be read.']
    : CONTACT_CHANNELS.flatMap((channel) => (data ? wordsOfContext(channel, data.standing[channel]) : []));
  return { old, notes };
}

/** "12 of 40 open chats run on context older than their service level allows (10 s)." */
export function wordsOfContext(
  channel: ContactChannel,
  { open, behind, unknown, allowedSeconds }: ContextStanding,
): string[] {
  const of = formatCount(open, WORDS[channel]);
  const words: string[] = [];
  if (behind > 0) {
    const run = behind === 1 ? 'runs' : 'run';
    words.push(
      `${behind} of ${of} ${run} on context older than the service level allows (${allowedSeconds} s).`,
    );
  }
  if (unknown > 0) words.push(`Of ${unknown} of ${of} it is not known how old the context is.`);
  return words;
}

/** There only while somebody is served on old context. */
export function OldContextNote({ notes }: { notes: readonly string[] }) {
  return (
    <div role="status" className={styles.oldContext} data-shown={notes.length > 0}>
      {notes.map((words) => (
        <p key={words}>{words}</p>
      ))}
    </div>
  );
}
