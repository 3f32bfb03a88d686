import { formatNumber } from '@/components/ui/format';
import type { OperatorDefinition } from '@/server/processors/topology.schema';
import type { OperatorFigures } from '@/server/scaling/streams.schema';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A size by powers of a thousand: "812 B", "3.1 MB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${formatNumber(unit === 0 ? Math.round(value) : Math.round(value * 10) / 10)} ${UNITS[unit]}`;
}

export function rateWords(rate: number | null): string {
  return rate === null ? '–' : `${formatNumber(Math.round(rate * 1_000) / 1_000)}/s`;
}

/** What an operator is told in one line under its name: what comes in, and what it gives where that is countable. */
export function flowWords({ gives }: OperatorDefinition, figures: OperatorFigures | undefined): string {
  if (!figures) return '–';
  const takes = rateWords(figures.takes);
  return gives.length === 0 ? takes : `${takes} → ${rateWords(figures.gives)}`;
}

export function costWords(figures: OperatorFigures | undefined): string {
  const parts = [
    figures?.microseconds == null ? null : `${formatNumber(Math.round(figures.microseconds * 10) / 10)} µs`,
    figures?.stateBytes == null ? null : formatBytes(figures.stateBytes),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
