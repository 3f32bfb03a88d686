'use client';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { usePerson } from '@/components/shell/person';
import { ConsequencePreview } from '@/components/ui/consequence-preview';
import { formatDuration } from '@/components/ui/format';
import type { TimeRange } from '@/components/ui/time-range';
import { wordsOf } from '@/components/ui/toast';
import type { WindowDefinition } from '@/server/history/windows/window-definition.schema';
import { resultWords, type WindowResults } from './windows-words';

interface WindowPreviewProps {
  /** null: not readable yet */
  definition: WindowDefinition | null;
  range: TimeRange;
}

const NOTHING: WindowDefinition = {
  measure: 'visits',
  groupBy: 'none',
  shape: { kind: 'tumbling', sizeMs: 3_600_000 },
  alignment: { kind: 'epoch', offsetMs: 0 },
  watermarkDelayMs: 0,
  latenessMs: 0,
  latePolicy: { kind: 'discard' },
};

/** What the windows of a definition would be over the page's range, before it is saved. */
export function WindowPreview({ definition, range }: WindowPreviewProps) {
  const trpc = useTRPC();
  const { currency } = usePerson();
  const [settled] = useDebouncedValue(definition, 300);
  const results = useQuery(
    trpc.windows.results.queryOptions(
      { definition: settled ?? NOTHING, from: Math.max(0, range.from), to: range.to },
      { enabled: settled !== null && range.to > 0, placeholderData: keepPreviousData, staleTime: 30_000 },
    ),
  );
  return (
    <ConsequencePreview
      loading={results.isFetching}
      error={results.isError && definition ? wordsOf(results.error) : null}
      window={`last ${formatDuration(range.spanMs)}`}
      summary={
        definition === null
          ? 'Complete the windows to see what they would be.'
          : results.data && summaryOf(results.data, currency)
      }
    />
  );
}

function summaryOf({ windows, windowCount, lateCount }: WindowResults, currency: string): string {
  if (windowCount === 0)
    return 'No window: nothing of this measure happened in this range, or only while closed.';
  const corrected = windows.filter(({ corrections }) => corrections > 0).length;
  const newest = windows[0];
  return `${windowCount} windows, ${corrected} corrected, ${lateCount} late facts; the newest stands at ${resultWords(newest?.value ?? null, currency)}.`;
}
