'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useAddressParam } from '@/components/ui/address';
import { Choice } from '@/components/ui/choice';
import { Figure } from '@/components/ui/figure';
import { formatPercent } from '@/components/ui/format';
import { type HelpTopic, Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { QUALITY_PERIODS, type QualityPeriod } from '@/server/features/label-contest.schema';
import { ContestExamples } from './contest-examples';
import { ContestMatrix } from './contest-matrix';
import type { PeriodQuality } from './sentiment-data';
import { SentimentScore } from './sentiment-score';
import styles from './state.module.css';

const EVERY_MS = 30_000;
const PERIOD_WORDS: Record<QualityPeriod, string> = { '24h': 'last 24 h', '7d': 'last 7 days' };
const PERIOD_OPTIONS = QUALITY_PERIODS.map((value) => ({ value, label: PERIOD_WORDS[value] }));

/** How the labels of the sentiment model fare: with the agents who see them, and on public conversations. */
export function SentimentPage() {
  const trpc = useTRPC();
  const [told, setPeriod] = useAddressParam('period', '24h');
  const period: QualityPeriod = told === '7d' ? '7d' : '24h';
  const query = useQuery(
    trpc.sentiment.quality.queryOptions(undefined, {
      refetchInterval: EVERY_MS,
      placeholderData: keepPreviousData,
    }),
  );
  const { data } = query;
  const figures = data?.periods.find((each) => each.period === period);
  const words = PERIOD_WORDS[period];
  return (
    <Page
      title="Sentiment"
      about="How often agents contest what the model calls a turn, and what it scores on public conversations"
      help={HELP}
      actions={<Choice label="Time span" value={period} options={PERIOD_OPTIONS} onChange={setPeriod} />}
    >
      {query.isError && !data ? (
        <ErrorState onRetry={() => query.refetch()}>{query.error.message}</ErrorState>
      ) : (
        <>
          <Pane title="How many turns are contested?" padded={false}>
            <TurnFigures figures={figures} at={data?.at} words={words} />
          </Pane>
          <div className={styles.columns}>
            <Pane title="What do agents say instead?" note={`contests · ${words}`} padded={false}>
              {figures ? <ContestMatrix figures={figures} /> : <SkeletonLines lines={4} />}
            </Pane>
            <Pane title="What does it score where people labelled?">
              {data ? <SentimentScore benchmark={data.benchmark} /> : <SkeletonLines lines={6} />}
            </Pane>
          </div>
          <ContestExamples period={period} words={words} />
        </>
      )}
    </Page>
  );
}

interface TurnFiguresProps {
  figures: PeriodQuality | undefined;
  at: number | undefined;
  words: string;
}

function TurnFigures({ figures, at, words }: TurnFiguresProps) {
  const shared = { live: false, at, window: `spoken in the ${words}` } as const;
  return (
    <div className={styles.strip}>
      <Figure {...shared} label="Turns scored" unit="customer turns" value={figures?.scored} />
      <Figure
        {...shared}
        label="Turns contested"
        unit={figures?.contested === 1 ? 'turn' : 'turns'}
        value={figures?.contested}
      />
      <Figure
        {...shared}
        label="Contested share"
        unit="% of turns scored"
        value={figures?.contestedShare}
        format={formatPercent}
        reason="no customer turn was scored in this time"
      />
    </div>
  );
}

const HELP: readonly HelpTopic[] = [
  {
    title: 'Scored and contested',
    text: 'Scored are customers’ turns that history holds: final segments of calls, and chat messages. Contested are those of which an agent says, on the desk, that the label should be another; a turn counts once however many contest it, and no longer when the contest is withdrawn. What customers said after they opted out is in neither.',
  },
  {
    title: 'What do agents say instead?',
    text: 'Contests by what the model said and what it should be. A turn that nobody contests says nothing: nobody may have looked. So this is where the model goes wrong, not how often it is right.',
  },
  {
    title: 'The score on public conversations',
    text: 'Accuracy is the share of sentences that the model calls what people called them. Macro-F1 weighs precision and recall of each label and counts a rare label as much as a common one. Beside accuracy stands what calling everything by the commonest label would score. Likely is where 95 of 100 samples of such conversations would put macro-F1: with few conversations, and few happy customers in them, it is wide. The model was taught with other conversations, never with these. The figures are computed from the data in the repository (npm run score:sentiment), and a test recomputes them.',
  },
  {
    title: 'Contested turns',
    text: 'What was said is not copied: it is read from the customer’s state, masked, and is gone when that is. Opening the list is on record.',
  },
];
