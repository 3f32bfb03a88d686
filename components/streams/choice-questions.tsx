'use client';
import type { ReactNode } from 'react';
import { AddressNumber } from '@/components/ui/address-number';
import { Choice } from '@/components/ui/choice';
import { formatNumber } from '@/components/ui/format';
import type { AssumptionKey, ChoiceAnswers, Subject } from '@/server/scaling/choice-terms.schema';
import styles from './choices-page.module.css';

type Answer = <Key extends keyof ChoiceAnswers>(key: Key, value: ChoiceAnswers[Key]) => void;
export type Measured = Record<AssumptionKey, number | null>;

interface QuestionsProps {
  subject: Subject;
  answers: ChoiceAnswers;
  onAnswer: Answer;
  /** what the system measures now, as a hint */
  measured: Measured | undefined;
}

/** A few questions; each answer narrows the options beside it at once. */
export function ChoiceQuestions(props: QuestionsProps) {
  const { subject, answers, onAnswer, measured } = props;
  return (
    <div className={styles.questions}>
      <Question title="Where must the data stay?">
        <Choice
          label="Where must the data stay?"
          value={answers.residency}
          onChange={(value) => onAnswer('residency', value)}
          options={[
            { value: 'own', label: 'Own machines' },
            { value: 'region', label: 'A region' },
            { value: 'anywhere', label: 'Anywhere' },
          ]}
        />
      </Question>
      <Question title="Who runs servers beside the product?">
        <Choice
          label="Who runs servers beside the product?"
          value={answers.people}
          onChange={(value) => onAnswer('people', value)}
          options={[
            { value: 'nobody', label: 'Nobody' },
            { value: 'team', label: 'A team' },
          ]}
        />
      </Question>
      <Amount
        title="Peak throughput"
        unit="events/s"
        value={answers.peakEventsPerSecond}
        min={1}
        max={10_000_000}
        step={100}
        whole
        hint={hintOf(measured?.peakEventsPerSecond, 'events/s, greatest of the last 5 min')}
        onChange={(value) => onAnswer('peakEventsPerSecond', value)}
      />
      {subject === 'log' ? <LogQuestions {...props} /> : <EngineQuestions {...props} />}
    </div>
  );
}

function LogQuestions({ answers, onAnswer, measured }: QuestionsProps) {
  return (
    <>
      <Amount
        title="Size of an event"
        unit="bytes"
        value={answers.eventBytes}
        min={50}
        max={100_000}
        step={50}
        whole
        onChange={(value) => onAnswer('eventBytes', value)}
      />
      <Amount
        title="Retention"
        unit="days"
        value={answers.retentionDays}
        min={1}
        max={3_650}
        step={1}
        whole
        hint={hintOf(measured?.retentionDays, 'days held in history')}
        onChange={(value) => onAnswer('retentionDays', value)}
      />
      <Question title="What must stay in order?">
        <Choice
          label="What must stay in order?"
          value={answers.ordering}
          onChange={(value) => onAnswer('ordering', value)}
          options={[
            { value: 'customer', label: 'Each customer' },
            { value: 'total', label: 'Everything' },
          ]}
        />
      </Question>
    </>
  );
}

function EngineQuestions({ answers, onAnswer, measured }: QuestionsProps) {
  return (
    <>
      <Amount
        title="Keyed state"
        unit="GB"
        value={answers.stateGb}
        min={0.01}
        max={100_000}
        step={1}
        hint={hintOf(measured?.stateGb, 'GB held now')}
        onChange={(value) => onAnswer('stateGb', value)}
      />
      <Amount
        title="Results within"
        unit="s"
        value={answers.freshnessSeconds}
        min={0.05}
        max={3_600}
        step={0.5}
        hint={hintOf(measured?.freshnessSeconds, 's of lag, greatest of the last 5 min')}
        onChange={(value) => onAnswer('freshnessSeconds', value)}
      />
      <Question title="After a failure, an event counts">
        <Choice
          label="After a failure, an event counts"
          value={answers.guarantee}
          onChange={(value) => onAnswer('guarantee', value)}
          options={[
            { value: 'once', label: 'Once' },
            { value: 'atLeastOnce', label: 'At least once' },
          ]}
        />
      </Question>
      <Question title="What comes later than allowed">
        <Choice
          label="What comes later than allowed"
          value={answers.lateKept ? 'kept' : 'dropped'}
          onChange={(value) => onAnswer('lateKept', value === 'kept')}
          options={[
            { value: 'kept', label: 'Is kept for review' },
            { value: 'dropped', label: 'May be dropped' },
          ]}
        />
      </Question>
    </>
  );
}

function hintOf(measured: number | null | undefined, words: string): string | undefined {
  return measured == null ? undefined : `measured: ${formatNumber(measured)} ${words}`;
}

function Question({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={styles.question}>
      <span className={styles.asked} aria-hidden="true">
        {title}
      </span>
      {children}
    </div>
  );
}

interface AmountProps {
  title: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  step: number;
  whole?: boolean;
  hint?: string | undefined;
  onChange: (value: number) => void;
}

function Amount({ title, unit, value, min, max, step, whole = false, hint, onChange }: AmountProps) {
  return (
    <AddressNumber
      label={`${title}, ${unit}`}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description']}
      value={value}
      min={min}
      max={max}
      step={step}
      allowDecimal={!whole}
      allowNegative={false}
      thousandSeparator=" "
      onChange={(next) => {
        if (typeof next === 'number' && next >= min && next <= max) onChange(next);
      }}
    />
  );
}
