'use client';
import { Slider, Textarea } from '@mantine/core';
import { SCALE_MAX } from '@/server/use-cases/use-case-stage.schema';
import styles from './drawer.module.css';

export interface ScoreDraft {
  value: number;
  effort: number;
  note: string;
}

export const NO_SCORE: ScoreDraft = { value: 5, effort: 5, note: '' };

const SCALE = {
  min: 1,
  max: SCALE_MAX,
  step: 1,
  marks: [1, 5, 10].map((value) => ({ value, label: String(value) })),
  mb: 26,
  label: null,
};

/** What a score is made of: value, effort, and why. */
export function ScoreFields({ draft, onDraft }: { draft: ScoreDraft; onDraft: (draft: ScoreDraft) => void }) {
  const { value, effort, note } = draft;
  return (
    <>
      <div>
        <p className={styles.label}>Value for customers and us: {value}</p>
        <Slider
          {...SCALE}
          value={value}
          onChange={(next) => onDraft({ ...draft, value: next })}
          thumbLabel="Value"
        />
      </div>
      <div>
        <p className={styles.label}>Effort and risk: {effort}</p>
        <Slider
          {...SCALE}
          value={effort}
          onChange={(next) => onDraft({ ...draft, effort: next })}
          thumbLabel="Effort"
        />
      </div>
      <Textarea
        label="Why"
        value={note}
        onChange={(event) => onDraft({ ...draft, note: event.currentTarget.value })}
        maxLength={500}
        autosize
        minRows={2}
      />
    </>
  );
}

/** The score these make, of 100. */
export function scoreOfDraft({ value, effort }: Pick<ScoreDraft, 'value' | 'effort'>): number {
  return value * (SCALE_MAX + 1 - effort);
}
