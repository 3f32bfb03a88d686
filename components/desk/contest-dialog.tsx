'use client';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useTRPC } from '@/components/api';
import { Choice } from '@/components/ui/choice';
import { Modal } from '@/components/ui/modal';
import { wordsOf } from '@/components/ui/toast';
import type { CardTurn } from '@/server/features/card-view.schema';
import { CONTEST_REASONS, MAX_CONTEST_REASON } from '@/server/features/label-contest.schema';
import { labelOf, SENTIMENT_LABELS, type SentimentLabel } from '@/server/processors/sentiment-label.schema';
import styles from './transcript.module.css';

interface ContestDialogProps {
  customer: string;
  contactId: string;
  turn: CardTurn;
  onClose: () => void;
}

/** Asks what a turn's label should be. The model's stays beside it, and what the stream computes does not change. */
export function ContestDialog({ customer, contactId, turn, onClose }: ContestDialogProps) {
  const trpc = useTRPC();
  const reasonsId = useId();
  const model = labelOf(turn.score ?? 0);
  const others = SENTIMENT_LABELS.filter((label) => label !== model);
  const [label, setLabel] = useState<SentimentLabel>(model === 'negative' ? 'neutral' : 'negative');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const contest = useMutation(
    trpc.sentiment.contest.mutationOptions({
      onSuccess: onClose,
      onError: (error) => setProblem(wordsOf(error)),
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    contest.mutate({ customer, contactId, turnId: turn.turnId, turnAt: turn.at, label, reason });
  };
  return (
    <Modal opened onClose={onClose} title="Contest this label" size="sm">
      <form onSubmit={submit} className={styles.contestForm}>
        <blockquote className={styles.quote}>{turn.text}</blockquote>
        <Text component="p" m={0} c="var(--mr-text-2)">
          The model says <strong>{model}</strong>. Your word stands beside it for everybody who looks; the
          contact’s sentiment stays as computed.
        </Text>
        <div className={styles.should}>
          <span>It should be</span>
          <Choice
            label="It should be"
            value={label}
            options={others.map((value) => ({ value, label: value }))}
            onChange={setLabel}
          />
        </div>
        <TextInput
          label="Reason (optional)"
          description="Choose one or write your own"
          list={reasonsId}
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
            setProblem(null);
          }}
          error={problem}
          maxLength={MAX_CONTEST_REASON}
          data-autofocus
        />
        <datalist id={reasonsId}>
          {CONTEST_REASONS.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" loading={contest.isPending}>
            Contest
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
