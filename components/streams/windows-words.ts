import type { inferRouterOutputs } from '@trpc/server';
import { formatDuration, formatMoney, formatNumber, formatPercent } from '@/components/ui/format';
import type { AppRouter } from '@/server/api/root';
import type { BusinessCalendarView } from '@/server/history/windows/business-calendar.schema';
import type { MeasureResult, WindowDefinition } from '@/server/history/windows/window-definition.schema';

export type WindowResults = inferRouterOutputs<AppRouter>['windows']['results'];
export type WindowRow = WindowResults['windows'][number];
export type LateRow = WindowResults['late'][number];

export const MEASURE_WORDS: Record<WindowDefinition['measure'], string> = {
  visits: 'Visits',
  cartsOpened: 'Carts opened',
  cartsConverted: 'Carts converted',
  cartsAbandoned: 'Carts abandoned',
  cartsEmptied: 'Carts emptied',
  cartsRecovered: 'Carts recovered',
  directOrders: 'Direct orders',
  orders: 'Orders',
  revenue: 'Revenue',
  netRevenue: 'Revenue less refunds',
  abandonedValue: 'Value abandoned',
  abandonmentRate: 'Abandonment rate',
};

export const POLICY_WORDS: Record<WindowDefinition['latePolicy']['kind'], string> = {
  discard: 'Discard',
  sideOutput: 'Side output',
  correct: 'Correct',
};

export const FATE_WORDS: Record<LateRow['fate'], string> = {
  discarded: 'discarded',
  aside: 'put aside',
  corrected: 'corrected',
  expired: 'too old to tell',
};

export function shapeWords({ shape }: Pick<WindowDefinition, 'shape'>): string {
  if (shape.kind === 'session') return `Sessions, gap ${formatDuration(shape.gapMs)}`;
  if (shape.kind === 'tumbling') return `Tumbling, ${formatDuration(shape.sizeMs)}`;
  return `Hopping, ${formatDuration(shape.sizeMs)} every ${formatDuration(shape.slideMs)}`;
}

export function alignmentWords(
  { alignment }: Pick<WindowDefinition, 'alignment'>,
  calendars: readonly BusinessCalendarView[],
): string {
  if (alignment.kind === 'day') return `Days of ${alignment.zone}`;
  if (alignment.kind === 'businessHours') {
    const calendar = calendars.find(({ id }) => id === alignment.calendarId);
    return calendar ? `Hours of ${calendar.name} (${calendar.zone})` : 'A calendar that is gone';
  }
  return alignment.offsetMs === 0 ? 'UTC' : `UTC, moved by ${formatDuration(alignment.offsetMs)}`;
}

/** A result as people read it; what can not be told is a dash. */
export function resultWords(result: MeasureResult | null, currency: string): string {
  if (result === null) return '–';
  if (result.fold === 'count') return formatNumber(result.value);
  if (result.fold === 'share') return result.of === 0 ? '–' : `${formatPercent(result.part / result.of)} %`;
  const sums = Object.entries(result.amounts).sort(([a], [b]) => (a < b ? -1 : 1));
  if (sums.length === 0) return formatMoney('0', currency);
  return sums.map(([code, amount]) => formatMoney(amount, code)).join(' · ');
}

/** One number to sort by and draw; of money that in the workspace's currency. */
export function resultNumber(result: MeasureResult | null, currency: string): number | null {
  if (result === null) return null;
  if (result.fold === 'count') return result.value;
  if (result.fold === 'share') return result.of === 0 ? null : result.part / result.of;
  return Number(result.amounts[currency] ?? 0);
}

const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** A window's span by the clock of a zone, which is named once beside it. */
export function spanWords({ start, end }: { start: number; end: number }, timeZone: string): string {
  const at = (ms: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(undefined, { ...options, timeZone }).format(ms);
  const sameDay = at(start, day) === at(end, day);
  return `${at(start, { ...day, ...clock })} – ${at(end, sameDay ? clock : { ...day, ...clock })}`;
}

/** The zone whose clock a definition's windows are told by. */
export function zoneOf(
  { alignment }: Pick<WindowDefinition, 'alignment'>,
  calendars: readonly BusinessCalendarView[],
): string {
  if (alignment.kind === 'day') return alignment.zone;
  if (alignment.kind === 'epoch') return 'UTC';
  return calendars.find(({ id }) => id === alignment.calendarId)?.zone ?? 'UTC';
}
