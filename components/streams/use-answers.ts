'use client';
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { useSetAddress } from '@/components/ui/address';
import {
  type AmountKey,
  ANSWER_LIMITS,
  type ChoiceAnswers,
  GUARANTEES,
  OPERATORS_AT_HAND,
  ORDERINGS,
  RESIDENCIES,
} from '@/server/scaling/choice-terms.schema';

/** Where a person begins: a shop on one machine. */
const BEGIN: ChoiceAnswers = {
  residency: 'own',
  peakEventsPerSecond: 100,
  eventBytes: 600,
  ordering: 'customer',
  retentionDays: 30,
  people: 'nobody',
  guarantee: 'once',
  stateGb: 1,
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
  const answers = useMemo(() => answersIn((name) => params.get(name)), [params]);
  return [answers, (key, value) => set({ [key]: value === BEGIN[key] ? null : String(value) })];
}

function answersIn(get: (name: string) => string | null): ChoiceAnswers {
  const amount = (key: AmountKey) => {
    const text = get(key);
    const value = Number(text);
    const { min, max, whole } = ANSWER_LIMITS[key];
    const fits = text !== null && value >= min && value <= max && (!whole || Number.isInteger(value));
    return fits ? value : BEGIN[key];
  };
  const word = <Word extends string>(name: string, words: readonly Word[], otherwise: Word): Word =>
    words.find((each) => each === get(name)) ?? otherwise;
  return {
    residency: word('residency', RESIDENCIES, BEGIN.residency),
    ordering: word('ordering', ORDERINGS, BEGIN.ordering),
    people: word('people', OPERATORS_AT_HAND, BEGIN.people),
    guarantee: word('guarantee', GUARANTEES, BEGIN.guarantee),
    lateKept: word('lateKept', ['true', 'false'], String(BEGIN.lateKept)) === 'true',
    peakEventsPerSecond: amount('peakEventsPerSecond'),
    eventBytes: amount('eventBytes'),
    retentionDays: amount('retentionDays'),
    stateGb: amount('stateGb'),
    freshnessSeconds: amount('freshnessSeconds'),
  };
}
