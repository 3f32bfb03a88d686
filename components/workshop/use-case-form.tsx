'use client';
import { Button, Group, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTRPC } from '@/components/api';
import { METRICS, type MetricKey } from '@/server/observability/metric-catalogue';
import type { UseCaseInput } from '@/server/use-cases/use-case.schema';
import { MAX_HOLDOUT_PERCENT } from '@/server/use-cases/use-case-stage.schema';
import styles from './drawer.module.css';

const metricOptions = METRICS.map(({ key, title, unit, better }) => ({
  value: key,
  label: `${title} (${unit}, better ${better})`,
}));

interface UseCaseFormProps {
  start: UseCaseInput;
  /** live: what it is measured by stays as it is */
  running?: boolean;
  submit: string;
  busy: boolean;
  error: ReactNode;
  onSubmit: (input: UseCaseInput) => void;
}

/** Title, metric, predicted change, holdout, owner and assessment. */
export function UseCaseForm({ start, running = false, submit, busy, error, onSubmit }: UseCaseFormProps) {
  const trpc = useTRPC();
  const { data: choices } = useQuery(trpc.useCases.choices.queryOptions());
  const [form, setForm] = useState(start);
  const set = (changes: Partial<UseCaseInput>) => setForm({ ...form, ...changes });
  const tooShort = form.title.trim().length < 3;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!tooShort) onSubmit(form);
      }}
    >
      <TextInput
        label="Title"
        required
        value={form.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
        maxLength={120}
        data-autofocus
      />
      <Textarea
        label="What is done for whom, and why it should help"
        value={form.summary}
        onChange={(event) => set({ summary: event.currentTarget.value })}
        autosize
        minRows={2}
        maxLength={2_000}
      />
      <Select
        label="Live metric it should move"
        data={metricOptions}
        value={form.metric}
        onChange={(metric) => set({ metric: metric as MetricKey | null })}
        disabled={running && start.metric !== null}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear' }}
        searchable
      />
      <NumberInput
        label="Predicted change, percent"
        description={
          running
            ? 'Metric, prediction and holdout stay as they were launched until it is retired.'
            : 'Of the metric’s level before the launch; below 0 is less of it. Nothing is approved without it.'
        }
        disabled={running && start.predictedChange !== null}
        value={form.predictedChange ?? ''}
        onChange={(value) => set({ predictedChange: value === '' ? null : Number(value) })}
        min={-100}
        max={1_000}
      />
      <NumberInput
        label="Held out, percent of customers"
        description="Its rules leave these alone, so that there is somebody to compare with. Drawn at the launch."
        disabled={running}
        value={form.holdoutPercent}
        onChange={(value) => set({ holdoutPercent: Number(value) })}
        min={0}
        max={MAX_HOLDOUT_PERCENT}
        allowDecimal={false}
        clampBehavior="strict"
      />
      <Select
        label="Owner"
        data={(choices?.people ?? []).map(({ userId, name, role }) => ({
          value: userId,
          label: `${name} (${role})`,
        }))}
        value={form.ownerId}
        onChange={(ownerId) => set({ ownerId })}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear' }}
        searchable
      />
      <Select
        label="DPIA it stands under"
        data={(choices?.dpias ?? []).map(({ id, title, status }) => ({
          value: id,
          label: `${title} (${status})`,
        }))}
        value={form.dpiaId}
        onChange={(dpiaId) => set({ dpiaId })}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear' }}
      />
      {error}
      <Group justify="flex-end">
        <Button type="submit" loading={busy} disabled={tooShort}>
          {submit}
        </Button>
      </Group>
    </form>
  );
}
