'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { useAddressParam } from '@/components/ui/address';
import { Choice } from '@/components/ui/choice';
import { type HelpTopic, Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { compareOptions } from '@/server/scaling/choice-comparison.schema';
import type { Subject } from '@/server/scaling/choice-terms.schema';
import { ChoiceQuestions } from './choice-questions';
import { ChoiceRecords, ChoicesCsv } from './choice-records';
import styles from './choices-page.module.css';
import { OptionList } from './option-list';
import { useAnswers } from './use-answers';

const SignDrawer = dynamic(() => import('./sign-drawer').then((module) => module.SignDrawer), { ssr: false });
const ChoiceDrawer = dynamic(() => import('./choice-drawer').then((module) => module.ChoiceDrawer), {
  ssr: false,
});

const REFRESH_MS = 10_000;

/** Which event log, which engine: compared by a few answers, decided by name, and watched from then on. */
export function ChoicesPage() {
  const [shown, setSubject] = useAddressParam('subject', 'log');
  const subject: Subject = shown === 'engine' ? 'engine' : 'log';
  const [answers, answer] = useAnswers();
  const [chosen, choose] = useState<string | null>(null);
  const may = useMay();
  const trpc = useTRPC();
  const measured = useQuery(
    trpc.choices.measured.queryOptions(undefined, { refetchInterval: REFRESH_MS }),
  ).data;
  const verdicts = compareOptions(subject, answers);
  const remaining = verdicts.filter(({ remains }) => remains).length;
  return (
    <Page
      title="Choices"
      about="Compared by what is needed, decided by name, watched from then on."
      help={HELP}
      actions={
        <Choice
          label="What is chosen"
          value={subject}
          onChange={setSubject}
          options={[
            { value: 'log', label: 'Event log' },
            { value: 'engine', label: 'Engine' },
          ]}
        />
      }
    >
      <div className={styles.split}>
        <Pane title="What do you need?">
          <ChoiceQuestions subject={subject} answers={answers} onAnswer={answer} measured={measured} />
        </Pane>
        <Pane title="What remains?" note={`${remaining} of ${verdicts.length}`} padded={false}>
          <OptionList verdicts={verdicts} onChoose={may('choice.sign') ? choose : undefined} />
        </Pane>
      </div>
      <Records />
      {chosen && (
        <SignDrawer
          subject={subject}
          option={chosen}
          answers={answers}
          measured={measured}
          onClose={() => choose(null)}
        />
      )}
    </Page>
  );
}

function Records() {
  const trpc = useTRPC();
  const [shown, show] = useAddressParam('record');
  const records = useQuery(trpc.choices.list.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const open = records.data?.find(({ id }) => id === shown);
  return (
    <Pane
      title="What was decided, and does it still hold?"
      padded={false}
      actions={<ChoicesCsv records={records.data} />}
    >
      {records.isPending && <SkeletonLines lines={4} />}
      {records.isError && <ErrorState compact onRetry={() => records.refetch()} />}
      {records.isSuccess && <ChoiceRecords records={records.data} onOpen={show} />}
      {open && <ChoiceDrawer record={open} onClose={() => show(null)} />}
    </Pane>
  );
}

const HELP: readonly HelpTopic[] = [
  {
    title: 'The comparison',
    text: 'Each option has a few limits that its makers state, or that we measured. An option falls out when an answer exceeds one; the reason is told with the figure. What is known of each, with its source, unfolds.',
  },
  {
    title: 'The record',
    text: 'Choosing an option and signing it writes down who decided, when, among which options, and what was assumed. It cannot be changed afterwards; a newer one of the same kind takes its place.',
  },
  {
    title: 'The flags',
    text: 'Every quarter of a minute the assumptions are compared with what is measured. One that is exceeded flags the record, here and among the changes on Operations; it clears when the measurement is within it again.',
  },
];
