'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { Figure } from '@/components/ui/figure';
import { FigureStrip } from '@/components/ui/figure-strip';
import { formatDuration, formatNumber } from '@/components/ui/format';
import { type HelpTopic, Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { useTimeRange } from '@/components/ui/time-range';
import type { DuplicatesLedger } from '@/server/history/duplicates.schema';
import styles from './duplicates-page.module.css';
import { MessageLookUp } from './message-look-up';
import { RepeatedIds } from './repeated-ids';
import { SuppressedChart } from './suppressed-chart';

const RANGE = '24h';
const STEP_MS = 10_000;
const DAY_MS = 86_400_000;
const LONGEST_MS = 31 * DAY_MS;

/** What came more than once: how often, whether it had its effect twice, and everything about one message. */
export function DuplicatesPage() {
  const range = useTimeRange(RANGE, STEP_MS);
  const ledger = useLedger(range.from, range.to);
  const span = `${range.live ? 'last ' : ''}${range.spanMs === DAY_MS ? '24 h' : formatDuration(range.spanMs)}`;
  return (
    <Page
      title="Duplicates"
      about="A message takes effect once, however often it is sent"
      range={RANGE}
      help={HELP}
    >
      <MessageLookUp />
      {ledger.isError && !ledger.data ? (
        <ErrorState onRetry={() => ledger.refetch()}>{ledger.error.message}</ErrorState>
      ) : (
        <Figures ledger={ledger.data} span={span} at={ledger.dataUpdatedAt} />
      )}
      <Pane title="When were repeats suppressed?" note={span}>
        {ledger.data ? (
          <SuppressedChart ledger={ledger.data} from={range.from} to={range.to} onBrush={range.setAbsolute} />
        ) : (
          <SkeletonLines lines={5} />
        )}
      </Pane>
      <Pane title="What was sent again most often?" note={span} padded={false}>
        {ledger.data ? (
          <RepeatedIds rows={ledger.data.repeated} />
        ) : (
          <div className={styles.waiting}>
            <SkeletonLines lines={5} />
          </div>
        )}
      </Pane>
    </Page>
  );
}

function useLedger(from: number, to: number) {
  const trpc = useTRPC();
  const [since, until] = [Math.floor(from / STEP_MS) * STEP_MS, Math.ceil(to / STEP_MS) * STEP_MS];
  return useQuery(
    trpc.history.duplicates.queryOptions(
      { from: Math.max(0, since, until - LONGEST_MS), to: until },
      { placeholderData: keepPreviousData, staleTime: STEP_MS, enabled: to > STEP_MS },
    ),
  );
}

function Figures({ ledger, span, at }: { ledger: DuplicatesLedger | undefined; span: string; at: number }) {
  const looked = ledger?.checked;
  const notChecked = 'no event of this span has been looked over yet: a check runs every minute';
  const isChecked = looked !== undefined && looked.events > 0;
  const shared = { live: false, at: ledger ? at : null } as const;
  return (
    <FigureStrip label="Duplicates">
      <Figure {...shared} label="Repeats seen" unit="messages" value={ledger?.seen} window={span} />
      <Figure {...shared} label="Suppressed" unit="messages" value={ledger?.suppressed} window={span} />
      <Figure
        {...shared}
        label="Leaked"
        unit="effects"
        value={ledger && (isChecked ? ledger.leaked : null)}
        reason={notChecked}
        tone={ledger && ledger.leaked > 0 ? 'bad' : 'neutral'}
        toneWord="counted twice"
        against={
          looked &&
          `${formatNumber(looked.events)} events compared with each other, ${formatNumber(looked.sampled)} ids with all of history`
        }
      />
      <Figure
        {...shared}
        label="Ids known back to"
        value={ledger && (ledger.coverage ? formatDuration(ledger.coverage.coveredMs) : null)}
        reason="no ids have been noted yet: it is measured every 10 s"
        against={ledger?.coverage && `of ${formatDuration(ledger.coverage.promisedMs)} by the setting`}
      />
    </FigureStrip>
  );
}

const HELP: readonly HelpTopic[] = [
  {
    title: 'Seen, suppressed, leaked',
    text: 'Seen are messages that came again: the same id under the same write key. Suppressed are those that were recognised at the door. Leaked are effects beyond the first of their id that stand in history.',
  },
  {
    title: 'How leaks are found',
    text: 'Nobody assumes that there are none. Once a minute the newest part of history is looked over: all ids in it are compared with each other, and up to 250 that were sent again and 250 taken by chance with the latest 1,000 events of their customers. The figure says what it rests on.',
  },
  {
    title: 'How far back ids are known',
    text: 'Ids are kept for the time that is set (DEDUP_HOURS), or until they take too much memory (DEDUP_MAX_BYTES), whichever comes first. A young installation knows them back to its first event. What is sent again after that takes effect again.',
  },
  {
    title: 'One message',
    text: 'Every attempt with its time and source and what became of it, and the effect: where in the log it stands. The same id under another write key is another message.',
  },
];
