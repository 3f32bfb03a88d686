import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { stepsIn } from './escalation-mark';
import type { DeskRow } from './queue-order';

export const CHANNELS = { web: 'Web', chat: 'Chat', call: 'Call', app: 'App', store: 'Store' } as const;

/** The queue as a file: a line a customer, with what the screen shows of each. */
export const QUEUE_COLUMNS: readonly CsvColumn<DeskRow>[] = [
  { title: 'Customer', value: ({ customer }) => customer },
  { title: 'Reason', value: ({ title }) => title },
  { title: 'Channel', value: ({ channel }) => CHANNELS[channel] ?? channel },
  { title: 'Waits since', value: ({ since }) => isoTime(since) },
  { title: 'Due', value: ({ dueAt }) => isoTime(dueAt) },
  { title: 'Escalated', value: ({ escalation }) => (escalation && stepsIn(escalation)) || null },
  { title: 'Catching up', value: ({ behind }) => (behind ? 'yes' : null) },
  { title: 'Taken by', value: ({ claim }) => claim?.name ?? null },
  { title: 'Value at risk', value: ({ value }) => value ?? null },
  { title: 'Currency', value: ({ currency }) => currency ?? null },
];
