import { type Pane, type PaneRules, revise } from './pane';
import type { SessionAssigner } from './window-assigner';
import type { Span } from './window-shape';
import type { Aggregate } from './window-step';

/**
 * Sessions of one key: times at most the gap apart, within one frame. Each keeps what every time adds, so that what is taken
 * back can shorten or split a session, and the sessions that stand are those of the values that stand.
 */
export class SessionPanes<V, A, R> {
  constructor(
    readonly assigner: SessionAssigner,
    readonly aggregate: Aggregate<V, A, R>,
    readonly rules: PaneRules<R>,
  ) {}

  /** A session from its first to its last time; null while the business is closed. */
  spanOf(first: number, last: number): Span | null {
    const frame = this.assigner.frameOf(first);
    return frame && { start: first, end: Math.min(last + this.assigner.gapMs, frame.end) };
  }

  /** When nothing in time can join any more: a value exactly the gap after the last still does, unless the frame ends. */
  closesAt({ start, end, points }: Pane<A, R>): number {
    const last = points?.at(-1)?.[0] ?? start;
    return end < last + this.assigner.gapMs ? end : end + 1;
  }

  /** Adds a value, joining, splitting or shortening sessions; publishes what changed of what is closed. The pane that has it. */
  add(key: string, panes: Pane<A, R>[], at: number, value: V): Pane<A, R> {
    const [from, to] = this.#touched(panes, at);
    const before = panes.slice(from, to);
    const points = before.flatMap((pane) => pane.points ?? []);
    const whole = before.length === 1 && before[0] ? before[0] : null;
    if (whole && this.#grow(key, whole, at, value)) return whole;
    this.#addPoint(points, at, value);
    const after = this.#group(points);
    panes.splice(from, to - from, ...after);
    this.#carryOver(key, before, after);
    return after.find((pane) => pane.start <= at && at <= pane.end) ?? this.#none(at);
  }

  /** What is published of the sessions that a value at this time touches, as one. */
  published(panes: readonly Pane<A, R>[], at: number): R | null {
    const touched = panes.slice(...this.#touched(panes, at)).filter((pane) => pane.published !== null);
    if (touched.length < 2) return touched[0]?.published ?? null;
    return this.aggregate.result(this.#merged(touched.map((pane) => pane.acc)));
  }

  /** Notes a late value beside the sessions it touches, and says what they would be as one with it. */
  setAside(
    panes: readonly Pane<A, R>[],
    at: number,
    value: V,
  ): { span: Span; published: R | null; corrected: R } {
    const touched = panes.slice(...this.#touched(panes, at));
    const [first] = touched;
    const published = this.published(panes, at);
    const late = this.aggregate.add(first?.late ?? this.aggregate.empty(), value);
    if (first) first.late = late;
    const others = touched.slice(1).flatMap((pane) => pane.late ?? []);
    const accs = [...touched.map((pane) => pane.acc), ...others, late];
    const start = Math.min(at, first?.start ?? at);
    const last = Math.max(at, touched.at(-1)?.points?.at(-1)?.[0] ?? at);
    const span = this.spanOf(start, last) ?? { start, end: last };
    return { span, published, corrected: this.aggregate.result(this.#merged(accs)) };
  }

  /** The sessions, from and to an index, that a value at this time would join. */
  #touched(panes: readonly Pane<A, R>[], at: number): [from: number, to: number] {
    const { gapMs } = this.assigner;
    const frame = this.assigner.frameOf(at)?.start;
    const near = (pane: Pane<A, R> | undefined) =>
      pane !== undefined &&
      pane.start - at <= gapMs &&
      at - (pane.points?.at(-1)?.[0] ?? pane.start) <= gapMs &&
      this.assigner.frameOf(pane.start)?.start === frame;
    let to = panes.length;
    while (to > 0 && (panes[to - 1] as Pane<A, R>).start > at && !near(panes[to - 1])) to -= 1;
    let from = to;
    while (near(panes[from - 1])) from -= 1;
    return [from, to];
  }

  /** The short way: a value that only adds to one session. False when it may take something away. */
  #grow(key: string, pane: Pane<A, R>, at: number, value: V): boolean {
    const points = pane.points ?? [];
    const index = placeOf(points, at);
    const held = points[index]?.[0] === at ? (points[index] as [number, A]) : null;
    const acc = this.aggregate.add(held ? held[1] : this.aggregate.empty(), value);
    if (this.aggregate.isEmpty(acc)) return false;
    const span = this.spanOf(Math.min(pane.start, at), Math.max(points.at(-1)?.[0] ?? at, at));
    if (span === null || this.#moves(pane, span)) return false;
    if (held) held[1] = acc;
    else points.splice(index, 0, [at, acc]);
    Object.assign(pane, span, { points, acc: this.aggregate.add(pane.acc, value) });
    revise(key, pane, this.aggregate.result(pane.acc), this.rules, this.closesAt(pane));
    return true;
  }

  /** Whether a session that is published would get other bounds: then it is taken back whole. */
  #moves(pane: Pane<A, R>, span: Span): boolean {
    return pane.published !== null && (pane.start !== span.start || pane.end !== span.end);
  }

  #addPoint(points: [number, A][], at: number, value: V): void {
    const index = placeOf(points, at);
    const held = points[index];
    if (held?.[0] !== at) {
      points.splice(index, 0, [at, this.aggregate.add(this.aggregate.empty(), value)]);
      return;
    }
    const acc = this.aggregate.add(held[1], value);
    if (this.aggregate.isEmpty(acc)) points.splice(index, 1);
    else points[index] = [at, acc];
  }

  /** Points of one frame as sessions. */
  #group(points: readonly [number, A][]): Pane<A, R>[] {
    const groups: [number, A][][] = [];
    for (const point of points) {
      const group = groups.at(-1);
      const last = group?.at(-1)?.[0];
      if (group && last !== undefined && point[0] - last <= this.assigner.gapMs) group.push(point);
      else groups.push([point]);
    }
    return groups.map((group) => this.#paneOf(group));
  }

  #paneOf(points: [number, A][]): Pane<A, R> {
    const first = points[0]?.[0] ?? 0;
    const span = this.spanOf(first, points.at(-1)?.[0] ?? first) ?? { start: first, end: first };
    const acc = this.#merged(points.map((point) => point[1]));
    return { ...span, acc, published: null, final: false, points };
  }

  /** What was published of sessions that are no more is taken back; what is closed of the new ones is published. */
  #carryOver(key: string, before: readonly Pane<A, R>[], after: readonly Pane<A, R>[]): void {
    for (const old of before) {
      const same = after.find(({ start, end }) => start === old.start && end === old.end);
      if (same) same.published = old.published;
      else if (old.published !== null) this.rules.tell(key, old, 'published', -1, old.published);
    }
    const late = before.flatMap((pane) => pane.late ?? []);
    const [first] = after;
    if (first && late.length > 0) first.late = this.#merged(late);
    for (const pane of after) {
      const closesAt = this.closesAt(pane);
      pane.final = this.rules.isFinal(closesAt);
      revise(key, pane, this.aggregate.result(pane.acc), this.rules, closesAt);
    }
  }

  #merged(accs: readonly A[]): A {
    return accs.reduce((sum, acc) => this.aggregate.merge(sum, acc), this.aggregate.empty());
  }

  /** What a value that was taken back leaves: nothing. */
  #none(at: number): Pane<A, R> {
    return { start: at, end: at, acc: this.aggregate.empty(), published: null, final: true };
  }
}

/** Index of the first point at or after a time; most come last. */
function placeOf(points: readonly [number, unknown][], at: number): number {
  let low = 0;
  let high = points.length;
  if (high > 0 && (points[high - 1] as [number, unknown])[0] < at) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle] as [number, unknown])[0] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
