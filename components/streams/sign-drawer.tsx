'use client';
import { Button, NumberInput, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { usePerson } from '@/components/shell/person';
import { Drawer } from '@/components/ui/drawer';
import { formatNumber } from '@/components/ui/format';
import { toast, wordsOf } from '@/components/ui/toast';
import { signChoice } from '@/server/scaling/choice.schema';
import { assumptionsOf } from '@/server/scaling/choice-comparison.schema';
import { optionOf } from '@/server/scaling/choice-options.schema';
import {
  ASSUMPTION_WORDS,
  ASSUMPTIONS_OF,
  type AssumptionKey,
  type Assumptions,
  type ChoiceAnswers,
  type Subject,
} from '@/server/scaling/choice-terms.schema';
import type { Measured } from './choice-questions';
import styles from './choices-page.module.css';

interface SignDrawerProps {
  subject: Subject;
  option: string;
  answers: ChoiceAnswers;
  measured: Measured | undefined;
  onClose: () => void;
}

/** The end of a comparison: why, what is assumed, and whose name is under it. */
export function SignDrawer({ subject, option, answers, measured, onClose }: SignDrawerProps) {
  const person = usePerson();
  const [reason, setReason] = useState('');
  const [assumptions, setAssumptions] = useState<Assumptions>(() => assumptionsOf(subject, answers));
  const [problem, setProblem] = useState<string | null>(null);
  const sign = useSign(onClose, setProblem);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = signChoice.safeParse({ subject, option, reason, answers, assumptions });
    if (!parsed.success) setProblem(parsed.error.issues[0]?.message ?? 'Something is missing.');
    else sign.mutate(parsed.data);
  };
  return (
    <Drawer opened onClose={onClose} title={`Decide for ${optionOf(option)?.name ?? option}`} size={460}>
      <form onSubmit={submit} className={styles.form}>
        <Textarea
          label="Why this one?"
          description="For whoever asks in a year."
          autosize
          minRows={3}
          maxLength={2_000}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <fieldset className={styles.assumptions}>
          <legend>What it assumes</legend>
          <p className={styles.quiet}>
            Each is compared with what is measured; the record is flagged when it is exceeded.
          </p>
          {ASSUMPTIONS_OF[subject].map((key) => (
            <Assumed
              key={key}
              assumption={key}
              value={assumptions[key]}
              measured={measured?.[key] ?? null}
              onChange={(value) => setAssumptions((before) => ({ ...before, [key]: value }))}
            />
          ))}
        </fieldset>
        {problem && (
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
        <Button type="submit" loading={sign.isPending}>
          Sign as {person.name}
        </Button>
      </form>
    </Drawer>
  );
}

function useSign(onDone: () => void, onProblem: (words: string) => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return useMutation(
    trpc.choices.sign.mutationOptions({
      onSuccess: () => {
        void toast('It stands on record, and its assumptions are watched.', 'good', 'Signed');
        void queries.invalidateQueries(trpc.choices.pathFilter());
        onDone();
      },
      onError: (error) => onProblem(wordsOf(error)),
    }),
  );
}

interface AssumedProps {
  assumption: AssumptionKey;
  value: number | undefined;
  measured: number | null;
  onChange: (value: number) => void;
}

function Assumed({ assumption, value, measured, onChange }: AssumedProps) {
  const { title, unit } = ASSUMPTION_WORDS[assumption];
  return (
    <NumberInput
      label={`${title} at most, ${unit}`}
      description={measured === null ? undefined : `measured now: ${formatNumber(measured)} ${unit}`}
      value={value ?? ''}
      min={0}
      allowNegative={false}
      thousandSeparator=" "
      onChange={(next) => {
        if (typeof next === 'number' && next > 0) onChange(next);
      }}
    />
  );
}
