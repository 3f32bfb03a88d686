'use client';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useShortcut } from '@/components/shell/shortcuts';
import { Kbd } from '@/components/ui/kbd';
import { TimeAgo } from '@/components/ui/time-ago';
import { toast } from '@/components/ui/toast';
import type { CardView } from '@/server/features/card-view.schema';
import styles from './card-pane.module.css';
import { Section } from './card-section';

const KINDS: Record<string, string> = { service: 'Service', offer: 'Offer', save: 'Save the sale' };

/** What may be done for this customer and why, with the agent's answer. */
export function ActionBox({ card }: { card: CardView }) {
  const action = card.nextBestAction;
  const { answer, respond, isBusy } = useAnswer(card.customer, action?.decision);
  const canAnswer = action !== null && answer === null && !isBusy;
  useShortcut('A', 'Accept the next best action', () => respond('accepted'), 'Desk', canAnswer);
  useShortcut('D', 'Decline the next best action', () => respond('declined'), 'Desk', canAnswer);
  if (!action) {
    return (
      <Section title="Next best action">
        <p className={styles.words}>No rule advises anything for this visit.</p>
      </Section>
    );
  }
  const { title, reason, kind, value } = wordsOf(action.action);
  return (
    <section className={styles.action}>
      <h3 className={styles.title}>
        Next best action
        <span className={styles.note}>
          {KINDS[kind] ?? kind} · for {action.purpose} · <TimeAgo at={action.at} />
        </span>
      </h3>
      <p className={styles.advice}>
        {title}
        {value && <span className={styles.worth}>{value}</span>}
      </p>
      <p className={styles.words}>{reason}</p>
      {answer === null || answer === undefined ? (
        <div className={styles.buttons}>
          <Button size="xs" disabled={!canAnswer} onClick={() => respond('accepted')}>
            Accept&nbsp;
            <Kbd keys="A" />
          </Button>
          <Button size="xs" variant="default" disabled={!canAnswer} onClick={() => respond('declined')}>
            Decline&nbsp;
            <Kbd keys="D" />
          </Button>
        </div>
      ) : (
        <p className={styles.answered}>{answer === 'accepted' ? '✓ Accepted' : '× Declined'}</p>
      )}
    </section>
  );
}

function useAnswer(customer: string, decisionId: string | undefined) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const input = { decisionId: decisionId ?? '' };
  const { data } = useQuery({
    ...trpc.customers.response.queryOptions(input),
    enabled: decisionId !== undefined,
  });
  const mutation = useMutation(
    trpc.customers.respond.mutationOptions({
      onSuccess: async (_, { response }) => {
        queryClient.setQueryData(trpc.customers.response.queryKey(input), response);
        await toast(
          response === 'accepted' ? 'Accepted; it is on record.' : 'Declined; it is on record.',
          'good',
        );
      },
    }),
  );
  return {
    answer: data,
    isBusy: mutation.isPending,
    respond: (response: 'accepted' | 'declined') => {
      if (decisionId !== undefined) mutation.mutate({ decisionId, customer, response });
    },
  };
}

function wordsOf(action: Record<string, unknown>) {
  const text = (name: string) => (typeof action[name] === 'string' ? String(action[name]) : '');
  return { title: text('title'), reason: text('reason'), kind: text('kind'), value: text('value') };
}
