import { DAY_MS } from '@/server/core/durations';
import { BusinessHours } from './business-hours';
import type { Alignment, Span, WindowShape } from './window-shape';
import { ZonedDays } from './zoned-days';

/** Says which windows of fixed bounds hold a time, in order of their start; none while the business is closed. */
export interface FixedAssigner {
  kind: 'fixed';
  windowsOf(t: number): Span[];
}

/** Says within what a session must lie: the local day, the opening, or all time. Null: in no session. */
export interface SessionAssigner {
  kind: 'session';
  gapMs: number;
  frameOf(t: number): Span | null;
}

export type WindowAssigner = FixedAssigner | SessionAssigner;

/** Greatest time that a date can name, ms. */
const END_OF_TIME = 8.64e15;
const ALL_TIME: Span = { start: -END_OF_TIME, end: END_OF_TIME };

/**
 * Assigner of a shape and an alignment. It remembers what it asked of the time zone, and nothing else.
 * @throws RangeError when sizes are not positive, a slide exceeds its size, or a slide of a day or more is not of whole days
 */
export function createAssigner(shape: WindowShape, alignment: Alignment): WindowAssigner {
  if (shape.kind === 'session') {
    if (!(shape.gapMs > 0)) throw new RangeError('The gap of a session must be positive.');
    return { kind: 'session', gapMs: shape.gapMs, frameOf: framesOf(alignment) };
  }
  const sizeMs = shape.sizeMs;
  const slideMs = shape.kind === 'hopping' ? shape.slideMs : sizeMs;
  if (!(slideMs > 0 && sizeMs >= slideMs)) throw new RangeError('A window needs 0 < slide ≤ size.');
  return { kind: 'fixed', windowsOf: windowsIn(alignment, sizeMs, slideMs) };
}

function framesOf(alignment: Alignment): (t: number) => Span | null {
  if (alignment.kind === 'epoch') return () => ALL_TIME;
  if (alignment.kind === 'day') {
    const days = new ZonedDays(alignment.zone);
    return (t) => days.spanOf(days.dayOf(t));
  }
  const hours = new BusinessHours(alignment.calendar);
  return (t) => hours.openingAt(t);
}

function windowsIn(alignment: Alignment, sizeMs: number, slideMs: number): (t: number) => Span[] {
  if (alignment.kind === 'epoch') {
    return (t) => steps(t, { start: alignment.offsetMs, end: END_OF_TIME }, sizeMs, slideMs, -END_OF_TIME);
  }
  if (alignment.kind === 'businessHours') {
    const hours = new BusinessHours(alignment.calendar);
    return (t) => {
      const opening = hours.openingAt(t);
      return opening === null ? [] : steps(t, opening, sizeMs, slideMs).map((span) => cut(span, opening));
    };
  }
  const days = new ZonedDays(alignment.zone);
  if (slideMs < DAY_MS) return (t) => partsOfDays(days, t, sizeMs, slideMs);
  if (sizeMs % DAY_MS !== 0 || slideMs % DAY_MS !== 0) {
    throw new RangeError('Windows that slide by a day or more are of whole days.');
  }
  return (t) => wholeDays(days, t, sizeMs / DAY_MS, slideMs / DAY_MS);
}

/** Windows that hold `t` and begin at the frame's start + n × slide, n ≥ `least` ÷ slide. */
function steps(t: number, frame: Span, sizeMs: number, slideMs: number, least = 0): Span[] {
  const spans: Span[] = [];
  const newest = Math.floor((Math.min(t, frame.end - 1) - frame.start) / slideMs);
  for (let n = newest; n * slideMs >= least; n -= 1) {
    const start = frame.start + n * slideMs;
    if (start + sizeMs <= t) break;
    spans.push({ start, end: start + sizeMs });
  }
  return spans.reverse();
}

function cut({ start, end }: Span, frame: Span): Span {
  return { start, end: Math.min(end, frame.end) };
}

function partsOfDays(days: ZonedDays, t: number, sizeMs: number, slideMs: number): Span[] {
  const today = days.dayOf(t);
  const frame = days.spanOf(today);
  const own = steps(t, frame, sizeMs, slideMs);
  if (sizeMs === slideMs) return own.map((span) => cut(span, frame));
  const earlier: Span[] = [];
  for (let day = today - 1; days.spanOf(day).end - 1 + sizeMs > t; day -= 1) {
    earlier.unshift(...steps(t, days.spanOf(day), sizeMs, slideMs));
  }
  return [...earlier, ...own];
}

function wholeDays(days: ZonedDays, t: number, sizeDays: number, slideDays: number): Span[] {
  const today = days.dayOf(t);
  const spans: Span[] = [];
  for (let day = Math.floor(today / slideDays) * slideDays; day + sizeDays > today; day -= slideDays) {
    spans.push({ start: days.spanOf(day).start, end: days.spanOf(day + sizeDays).start });
  }
  return spans.reverse();
}
