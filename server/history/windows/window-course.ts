import type { MeasureResult } from '@/server/streaming/fact-measure';
import type { Aggregate, LateRecord, WindowOutput, WindowState } from '@/server/streaming/window-step';

export type WindowPhase = 'open' | 'provisional' | 'final';

/** One window of one key, with what became of it. */
export interface WindowRow {
  key: string;
  /** ms */
  start: number;
  end: number;
  phase: WindowPhase;
  /** as first published; null: still open */
  published: MeasureResult | null;
  /** as it stands, when that is not what was published first */
  corrected: MeasureResult | null;
  /** how often it was published anew */
  corrections: number;
  /** as it stands, or stands so far */
  value: MeasureResult;
}

export type LateRow = LateRecord<MeasureResult>;

interface Course {
  row: WindowRow;
  stands: boolean;
}

/** What became of every window, from all that was published of it and what is still open, in order of time. */
export function windowRows<A>(
  outputs: readonly WindowOutput<MeasureResult>[],
  state: WindowState<A, MeasureResult>,
  aggregate: Pick<Aggregate<never, A, MeasureResult>, 'result'>,
): WindowRow[] {
  const courses = new Map<string, Course>();
  for (const output of outputs) take(courses, output);
  for (const [key, { panes }] of Object.entries(state.keys)) {
    for (const { start, end, acc, published, final } of panes) {
      if (published !== null || final) continue;
      const value = aggregate.result(acc);
      courses.set(idOf(key, start, end), { stands: true, row: openRow(key, start, end, value) });
    }
  }
  const rows = [...courses.values()].filter(({ stands }) => stands).map(({ row }) => row);
  return rows.sort((a, b) => a.start - b.start || a.end - b.end || (a.key < b.key ? -1 : 1));
}

function idOf(key: string, start: number, end: number): string {
  return `${start} ${end} ${key}`;
}

function openRow(key: string, start: number, end: number, value: MeasureResult): WindowRow {
  return { key, start, end, phase: 'open', published: null, corrected: null, corrections: 0, value };
}

function take(courses: Map<string, Course>, output: WindowOutput<MeasureResult>): void {
  const { k, key, start, end, sign, result } = output;
  const id = idOf(key, start, end);
  const course = courses.get(id);
  if (k === 'final') {
    if (course) course.row.phase = 'final';
  } else if (sign === -1) {
    if (course) course.stands = false;
  } else if (course === undefined) {
    const row: WindowRow = { ...openRow(key, start, end, result), phase: 'provisional', published: result };
    courses.set(id, { stands: true, row });
  } else {
    const { row } = course;
    course.stands = true;
    row.corrections += 1;
    row.value = result;
    row.corrected = JSON.stringify(result) === JSON.stringify(row.published) ? null : result;
  }
}
