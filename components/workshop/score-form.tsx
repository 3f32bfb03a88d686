'use client';
import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { usePerson } from '@/components/shell/person';
import { toast } from '@/components/ui/toast';
import styles from './drawer.module.css';
import { NO_SCORE, ScoreFields, scoreOfDraft } from './score-fields';
import type { Card } from './workshop-data';

/** One's own score: value and effort. It can be changed as long as one wishes. */
export function ScoreForm({ card, onChanged }: { card: Card; onChanged: () => unknown }) {
  const trpc = useTRPC();
  const { userId } = usePerson();
  const own = card.scores.find((score) => score.userId === userId);
  const [draft, setDraft] = useState(own ?? NO_SCORE);
  const save = useMutation(
    trpc.useCases.score.mutationOptions({
      onSuccess: () => {
        void toast('Your score counts', 'good');
        return onChanged();
      },
    }),
  );
  const { value, effort, note } = draft;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ id: card.id, value, effort, note });
      }}
    >
      <ScoreFields draft={draft} onDraft={setDraft} />
      <Group justify="space-between">
        <span>
          Score <b>{scoreOfDraft(draft)}</b> of 100
        </span>
        <Button type="submit" loading={save.isPending}>
          {own ? 'Change my score' : 'Give my score'}
        </Button>
      </Group>
    </form>
  );
}
