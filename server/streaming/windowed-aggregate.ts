import { type Pane, type PaneRules, revise } from './pane';
import { SessionPanes } from './session-panes';
import { popDue, pushTimer } from './timer-heap';
import { advancePartition, leastWatermark, NEVER, takeOffset } from './watermarks';
import type { FixedAssigner } from './window-assigner';
import type { Span } from './window-shape';
import type {
  KeyState,
  LateRecord,
  WindowedAggregateConfig,
  WindowInput,
  WindowOutput,
  WindowState,
  WindowStep,
} from './window-step';

export function emptyWindowState<A, R>(): WindowState<A, R> {
  return { progress: {}, clock: NEVER, timers: [], keys: {} };
}

/** One input. Pure: the state given is not changed. */
export function step<V, A, R>(
  config: WindowedAggregateConfig<V, A, R>,
  state: WindowState<A, R>,
  input: WindowInput<V>,
): WindowStep<A, R> {
  return stepAll(config, state, [input]);
}

/** Inputs in order: the same as one after the other, at the cost of one copy of the state. */
export function stepAll<V, A, R>(
  config: WindowedAggregateConfig<V, A, R>,
  state: WindowState<A, R>,
  inputs: Iterable<WindowInput<V>>,
): WindowStep<A, R> {
  const run = new WindowRun(config, structuredClone(state));
  for (const input of inputs) run.take(input);
  return { state: run.state, outputs: run.outputs, late: run.late, timers: run.state.timers };
}

class WindowRun<V, A, R> implements PaneRules<R> {
  readonly outputs: WindowOutput<R>[] = [];
  readonly late: LateRecord<R>[] = [];
  readonly #keepMs: number;
  readonly #sessions: SessionPanes<V, A, R> | null;

  constructor(
    readonly config: WindowedAggregateConfig<V, A, R>,
    readonly state: WindowState<A, R>,
  ) {
    const { assigner, latePolicy, aggregate } = config;
    this.#keepMs = latePolicy.kind === 'discard' ? 0 : latePolicy.keepMs;
    this.#sessions = assigner.kind === 'session' ? new SessionPanes(assigner, aggregate, this) : null;
  }

  take(input: WindowInput<V>): void {
    if (input.k === 'record') {
      if (takeOffset(this.state.progress, input.partition, input.offset)) this.#record(input);
    } else if (input.k === 'timer') {
      this.#advance(input.at);
    } else {
      advancePartition(this.state.progress, input.partition, input.at, input.k === 'idle');
      this.#advance(leastWatermark(this.state.progress));
    }
  }

  isClosed(closesAt: number): boolean {
    return closesAt <= this.state.clock;
  }

  isFinal(closesAt: number): boolean {
    return closesAt + this.config.latenessMs <= this.state.clock;
  }

  tell(key: string, { start, end }: Span, k: 'published' | 'final', sign: 1 | -1, result: R): void {
    this.outputs.push({ k, key, start, end, sign, result });
  }

  #record(record: WindowInput<V> & { k: 'record' }): void {
    const { assigner } = this.config;
    if (assigner.kind === 'fixed') this.#fixed(assigner, record);
    else if (this.#sessions !== null) this.#session(this.#sessions, record);
  }

  #fixed(assigner: FixedAssigner, record: WindowInput<V> & { k: 'record' }): void {
    for (const span of assigner.windowsOf(record.at)) {
      if (this.isFinal(span.end)) this.#lateFixed(span, record);
      else this.#addTo(this.#paneOf(record.key, span), record);
    }
  }

  #addTo(pane: Pane<A, R>, { key, value }: WindowInput<V> & { k: 'record' }): void {
    pane.acc = this.config.aggregate.add(pane.acc, value);
    revise(key, pane, this.config.aggregate.result(pane.acc), this);
  }

  #lateFixed(span: Span, record: WindowInput<V> & { k: 'record' }): void {
    const { latePolicy, aggregate } = this.config;
    const discards = latePolicy.kind === 'discard';
    if (discards || this.#isExpired(span.end)) {
      this.#note(record, span, discards ? 'discarded' : 'expired', null, null);
      return;
    }
    const pane = this.#paneOf(record.key, span);
    const { published } = pane;
    pane.final = true;
    if (latePolicy.kind === 'correct') {
      this.#addTo(pane, record);
      this.#note(record, span, 'corrected', published, pane.published);
    } else {
      pane.late = aggregate.add(pane.late ?? aggregate.empty(), record.value);
      const corrected = aggregate.result(aggregate.merge(pane.acc, pane.late));
      this.#note(record, span, 'aside', published, corrected);
    }
  }

  #session(sessions: SessionPanes<V, A, R>, record: WindowInput<V> & { k: 'record' }): void {
    const { latePolicy, latenessMs } = this.config;
    const { key, at, value } = record;
    const alone = sessions.spanOf(at, at);
    if (alone === null) return;
    const panes = this.state.keys[key]?.panes ?? [];
    if (at + latenessMs >= this.state.clock) {
      this.#addToSession(sessions, record);
    } else if (latePolicy.kind === 'discard') {
      this.#note(record, alone, 'discarded', null, null);
    } else if (this.#isExpired(at)) {
      this.#note(record, alone, 'expired', null, null);
    } else if (latePolicy.kind === 'correct') {
      const published = sessions.published(panes, at);
      const pane = this.#addToSession(sessions, record);
      this.#note(record, pane, 'corrected', published, pane.published);
    } else {
      const { span, published, corrected } = sessions.setAside(panes, at, value);
      this.#note(record, span, 'aside', published, corrected);
    }
  }

  #addToSession(
    sessions: SessionPanes<V, A, R>,
    { key, at, value }: WindowInput<V> & { k: 'record' },
  ): Pane<A, R> {
    const pane = sessions.add(key, this.#keyOf(key).panes, at, value);
    this.#wake(key, sessions.closesAt(pane));
    return pane;
  }

  #isExpired(closesAt: number): boolean {
    return closesAt + this.config.latenessMs + this.#keepMs <= this.state.clock;
  }

  #note(
    record: WindowInput<V> & { k: 'record' },
    { start, end }: Span,
    fate: LateRecord<R>['fate'],
    published: R | null,
    corrected: R | null,
  ): void {
    const { key, partition, offset, at } = record;
    const latenessMs = this.state.clock - at;
    this.late.push({ key, start, end, partition, offset, at, latenessMs, fate, published, corrected });
  }

  #keyOf(key: string): KeyState<A, R> {
    this.state.keys[key] ??= { timer: null, panes: [] };
    return this.state.keys[key];
  }

  /** The pane of a window, in its place among those of the key. */
  #paneOf(key: string, { start, end }: Span): Pane<A, R> {
    const { panes } = this.#keyOf(key);
    let at = panes.length;
    while (at > 0 && (panes[at - 1] as Pane<A, R>).start > start) at -= 1;
    const found = panes[at - 1];
    if (found?.start === start) return found;
    const pane: Pane<A, R> = {
      start,
      end,
      acc: this.config.aggregate.empty(),
      published: null,
      final: false,
    };
    panes.splice(at, 0, pane);
    this.#wake(key, end);
    return pane;
  }

  /** Makes sure that a timer of the key fires by then. */
  #wake(key: string, at: number): void {
    const held = this.#keyOf(key);
    // What is due already changes next when it becomes final, or leaves.
    const next = [at, at + this.config.latenessMs].find((due) => due > this.state.clock);
    const due = next ?? Math.max(at + this.config.latenessMs + this.#keepMs, this.state.clock + 1);
    if (held.timer !== null && held.timer <= due) return;
    held.timer = due;
    pushTimer(this.state.timers, [due, key]);
  }

  #advance(to: number): void {
    if (to <= this.state.clock) return;
    this.state.clock = to;
    for (let due = popDue(this.state.timers, to); due !== null; due = popDue(this.state.timers, to)) {
      const [at, key] = due;
      // Another time than the key's own: the timer was replaced by an earlier one.
      if (this.state.keys[key]?.timer === at) this.#fire(key);
    }
  }

  #fire(key: string): void {
    const held = this.state.keys[key];
    if (held === undefined) return;
    held.timer = null;
    held.panes = held.panes.filter((pane) => this.#settle(key, pane));
    if (held.panes.length === 0) delete this.state.keys[key];
    else for (const pane of held.panes) this.#wake(key, this.#closesAt(pane));
  }

  /** Publishes and finishes a pane as far as the clock stands. False: it is forgotten. */
  #settle(key: string, pane: Pane<A, R>): boolean {
    const closesAt = this.#closesAt(pane);
    const onlyLate = pane.final && pane.published === null;
    if (!onlyLate) revise(key, pane, this.config.aggregate.result(pane.acc), this, closesAt);
    if (!pane.final && pane.published !== null && this.isFinal(closesAt)) {
      pane.final = true;
      this.tell(key, pane, 'final', 1, pane.published);
    }
    return !this.#isExpired(closesAt);
  }

  #closesAt(pane: Pane<A, R>): number {
    return this.#sessions?.closesAt(pane) ?? pane.end;
  }
}
