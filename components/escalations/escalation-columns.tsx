import { agoColumn, textColumn } from '@/components/ui/columns';
import { isoTime } from '@/components/ui/csv';
import type { Column } from '@/components/ui/data-table';
import { formatDuration } from '@/components/ui/format';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import type { EscalationView } from '@/server/use-cases/escalation.schema';
import { CHANNEL_WORDS, TARGET_WORDS } from './escalation-words';

type State = 'stands' | 'taken' | 'left' | 'leftBefore';

/** Events that came late may tell that a customer had left before the step was raised. */
function stateOf({ takenAt, leftAt, raisedAt }: EscalationView): State {
  if (takenAt !== null) return 'taken';
  if (leftAt === null) return 'stands';
  return leftAt < raisedAt ? 'leftBefore' : 'left';
}

const STATES = {
  stands: { tone: 'bad', words: 'stands' },
  taken: { tone: 'good', words: 'taken' },
  left: { tone: 'neutral', words: 'left' },
  leftBefore: { tone: 'neutral', words: 'left before' },
} as const;

const endOf = ({ takenAt, leftAt }: EscalationView) => takenAt ?? leftAt;

/** How long they had waited when it ended, ms; null while it stands. */
function waitedMs(row: EscalationView): number | null {
  const end = endOf(row);
  return end === null ? null : Math.max(0, end - row.waitedSince);
}

export const ESCALATION_COLUMNS: readonly Column<EscalationView>[] = [
  {
    key: 'state',
    title: 'State',
    width: '110px',
    value: (row) => STATES[stateOf(row)].words,
    cell: (row) => {
      const { tone, words } = STATES[stateOf(row)];
      return <StatusBadge tone={tone}>{words}</StatusBadge>;
    },
  },
  textColumn({ key: 'customer', title: 'Customer', value: ({ label }) => label }),
  textColumn({
    key: 'channel',
    title: 'Channel',
    width: '84px',
    value: ({ channel }) => CHANNEL_WORDS[channel],
  }),
  {
    key: 'percent',
    title: 'After',
    width: '84px',
    align: 'end',
    value: ({ percent }) => percent,
    cell: ({ percent }) => `${percent} %`,
  },
  textColumn({ key: 'to', title: 'Raised to', width: '130px', value: ({ to }) => TARGET_WORDS[to] }),
  agoColumn({ key: 'since', title: 'Waits since', width: '110px', value: ({ waitedSince }) => waitedSince }),
  agoColumn({ key: 'raised', title: 'Raised', width: '100px', value: ({ raisedAt }) => raisedAt }),
  {
    key: 'ended',
    title: 'Ended',
    width: '100px',
    align: 'end',
    value: endOf,
    csv: (row) => isoTime(endOf(row)),
    cell: (row) => {
      const end = endOf(row);
      return end === null ? '–' : <TimeAgo at={end} />;
    },
  },
  {
    key: 'waited',
    title: 'Waited',
    width: '90px',
    align: 'end',
    value: waitedMs,
    csv: (row) => {
      const waited = waitedMs(row);
      return waited === null ? null : waited / 1_000;
    },
    cell: (row) => {
      const waited = waitedMs(row);
      return waited === null ? '–' : formatDuration(waited);
    },
  },
  {
    key: 'takenBy',
    title: 'Taken by',
    width: '150px',
    value: ({ takenBy }) => takenBy,
    cell: ({ takenBy }) => takenBy ?? '–',
  },
];
