'use client';
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { useSetAddress } from '@/components/ui/address';
import { type ChoiceAnswers, choiceAnswers } from '@/server/scaling/choice.schema';

/** Where a person begins: a shop on one machine. */
const BEGIN: ChoiceAnswers = {
  residency: 'own',
  peakEventsPerSecond: 1_000,
  eventBytes: 600,
  ordering: 'customer',
  retentionDays: 7,
  people: 'nobody',
  guarantee: 'once',
  stateGb: 2,
  freshnessSeconds: 2,
  lateKept: true,
};

/** Answers live in the address, so that a comparison can be shared; what is not an answer there is the beginning's. */
export function useAnswers(): [
  ChoiceAnswers,
  <Key extends keyof ChoiceAnswers>(key: Key, value: ChoiceAnswers[Key]) => void,
] {
  const params = useSearchParams();
  const set = useSetAddress();
  const answers = useMemo(() => answersIn(params), [params]);
  return [answers, (key, value) => set({ [key]: value === BEGIN[key] ? null : String(value) })];
}

function answersIn(params: { get(name: string): string | null }): ChoiceAnswers {
  const answers: Record<string, unknown> = { ...BEGIN };
  for (const key of Object.keys(BEGIN) as (keyof ChoiceAnswers)[]) {
    const text = params.get(key);
    if (text === null) continue;
    const given = { ...BEGIN, [key]: typed(text, BEGIN[key]) };
    const parsed = choiceAnswers.safeParse(given);
    if (parsed.success) answers[key] = parsed.data[key];
  }
  return answers as ChoiceAnswers;
}

function typed(text: string, like: string | number | boolean): string | number | boolean {
  if (typeof like === 'number') return Number(text);
  return typeof like === 'boolean' ? text === 'true' : text;
}
