'use client';
import { Button, Group, Slider, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { usePerson } from '@/components/shell/person';
import { toast } from '@/components/ui/toast';
import { SCALE_MAX } from '@/server/use-cases/use-case-stage.schema';
import styles from './drawer.module.css';
import type { Card } from './workshop-data';

const MARKS = [1, 5, 10].map((value) => ({ value, label: String(value) }));

/** One's own score: value and effort. It can be changed as long as one wishes. */
export function ScoreForm({ card, onChanged }: { card: Card; onChanged: () => unknown }) {
  const trpc = useTRPC();
  const { userId } = usePerson();
  const own = card.scores.find((score) => score.userId === userId);
  const [value, setValue] = useState(own?.value ?? 5);
  const [effort, setEffort] = useState(own?.effort ?? 5);
  const [note, setNote] = useState(own?.note ?? '');
  const save = useMutation(
    trpc.useCases.score.mutationOptions({
      onSuccess: () => {
        void toast('Your score counts', 'good');
        return onChanged();
      },
    }),
  );
  const scale = { min: 1, max: SCALE_MAX, step: 1, marks: MARKS, mb: 26 };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ id: card.id, value, effort, note });
      }}
    >
      <div>
        <p className={styles.label}>Value for customers and us: {value}</p>
        <Slider {...scale} value={value} onChange={setValue} thumbLabel="Value" label={null} />
      </div>
      <div>
        <p className={styles.label}>Effort and risk: {effort}</p>
        <Slider {...scale} value={effort} onChange={setEffort} thumbLabel="Effort" label={null} />
      </div>
      <Textarea
        label="Why"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={500}
        autosize
        minRows={2}
      />
      <Group justify="space-between">
        <span>
          Score <b>{value * (SCALE_MAX + 1 - effort)}</b> of 100
        </span>
        <Button type="submit" loading={save.isPending}>
          {own ? 'Change my score' : 'Give my score'}
        </Button>
      </Group>
    </form>
  );
}
