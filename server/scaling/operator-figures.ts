import type { JsonObject } from '@/server/core/json';
import { type CounterWindow, type LagReading, worstLag } from '@/server/observability';
import { stateShares } from '@/server/processors';
import { type Measure, OPERATORS, type OperatorDefinition } from '@/server/processors/topology.schema';
import { NEVER } from '@/server/streaming/watermarks';
import type { StreamsSnapshot } from './streams.schema';
import { FOLLOWED_SECONDS, type GroupFigures, type OperatorFigures, RATE_SECONDS } from './streams.schema';
import type { PartitionClock } from './watermark.connector';

/** Customers kept, and some of their states. */
export interface StateSample {
  customers: number;
  states: JsonObject[];
}

/** Everything a snapshot is made from, as of one moment. */
export interface StreamsInputs {
  /** ms */
  now: number;
  /** of the partitions' aggregates */
  counters: CounterWindow;
  /** of the log: `appended`, `processed`, `archived`, `deadLetters` */
  flow: CounterWindow;
  /** of the followed events: `followed`, `<operator>.events`, `.ms`, `.errors` */
  operators: CounterWindow;
  /** null: could not be read */
  lag: readonly LagReading[] | null;
  clocks: readonly PartitionClock[];
  state: StateSample | null;
  latenessMs: number;
  /** a partition without a commit for so long, and nothing waiting, is idle, ms */
  idleMs: number;
}

const FLOW: ReadonlySet<Measure> = new Set<Measure>(['appended', 'processed', 'archived', 'deadLetters']);
const MICROSECONDS_PER_MS = 1_000;
const SECONDS_PER_MINUTE = 60;

/** The room's data. Pure. */
export function streamsSnapshot(inputs: StreamsInputs): StreamsSnapshot {
  const shares = meanShares(inputs.state);
  return {
    computedAt: inputs.now,
    operators: Object.fromEntries(
      OPERATORS.map((operator) => [operator.key, figuresOf(operator, inputs, shares)]),
    ),
    groups: (['main', 'archive'] as const).map((group) => groupFigures(group, inputs.lag)),
    watermark: watermarkOf(inputs),
    state: { customers: inputs.state?.customers ?? null, sampled: inputs.state?.states.length ?? 0 },
    followed: followedCount(inputs, 'followed'),
  };
}

function figuresOf(
  { key, takes, gives, group }: OperatorDefinition,
  inputs: StreamsInputs,
  shares: Map<string, number> | null,
): OperatorFigures {
  const followed = followedCount(inputs, `${key}.events`);
  const ms = inputs.operators.total(`${key}.ms`, FOLLOWED_SECONDS, inputs.now)?.count ?? 0;
  const share = shares?.get(key);
  return {
    takes: takes === 'sampled' ? sampledRate(inputs, followed) : sumOfRates(takes, inputs),
    gives: gives.length === 0 ? null : sumOfRates(gives, inputs),
    microseconds: followed > 0 ? (ms / followed) * MICROSECONDS_PER_MS : null,
    followed,
    stateBytes: share === undefined ? null : share * (inputs.state?.customers ?? 0),
    errors: group === 'main' ? followedErrors(inputs, key) : key === 'collector' ? refused(inputs) : null,
  };
}

function sumOfRates(measures: readonly Measure[], { counters, flow, now }: StreamsInputs): number | null {
  let sum = 0;
  for (const measure of measures) {
    const rate = (FLOW.has(measure) ? flow : counters).rate(measure, RATE_SECONDS, now);
    if (rate === null) return null;
    sum += rate;
  }
  return sum;
}

/** The share of followed events that came to an operator, of all events. */
function sampledRate(inputs: StreamsInputs, followed: number): number | null {
  const all = followedCount(inputs, 'followed');
  const events = sumOfRates(['events'], inputs);
  return all === 0 || events === null ? null : (followed / all) * events;
}

function followedCount({ operators, now }: StreamsInputs, name: string): number {
  return Math.round(operators.total(name, FOLLOWED_SECONDS, now)?.count ?? 0);
}

function followedErrors({ operators, now }: StreamsInputs, key: string): number | null {
  const found = operators.total(`${key}.errors`, SECONDS_PER_MINUTE, now);
  return found && Math.round(found.count);
}

function refused({ flow, now }: StreamsInputs): number | null {
  const found = flow.total('deadLetters', SECONDS_PER_MINUTE, now);
  return found && Math.round(found.count);
}

/** Mean characters of a state by operator; null when no state could be looked at. */
function meanShares(state: StateSample | null): Map<string, number> | null {
  if (state === null || state.states.length === 0) return null;
  const sums = new Map<string, number>();
  for (const each of state.states) {
    for (const [operator, size] of Object.entries(stateShares(each))) {
      sums.set(operator, (sums.get(operator) ?? 0) + size);
    }
  }
  for (const [operator, sum] of sums) sums.set(operator, sum / state.states.length);
  return sums;
}

function groupFigures(group: 'main' | 'archive', lag: readonly LagReading[] | null): GroupFigures {
  if (lag === null) {
    return { group, lagSeconds: null, reason: 'the log could not be read', backlog: 0, workers: 0 };
  }
  const own = lag.filter((reading) => reading.group === group);
  const worst = worstLag(lag, group);
  return {
    group,
    lagSeconds: worst.seconds,
    reason: worst.reason,
    backlog: own.reduce((sum, { backlog }) => sum + backlog, 0),
    workers: new Set(own.flatMap(({ owner }) => owner ?? [])).size,
  };
}

/**
 * The watermark of the pipeline: the least clock of its partitions, those that are idle left out, since one without
 * events would hold the others back for ever.
 */
function watermarkOf(inputs: StreamsInputs): StreamsSnapshot['watermark'] {
  const waiting = new Set(
    (inputs.lag ?? []).flatMap(({ group, backlog, shardId, partition }) =>
      group === 'main' && backlog > 0 ? [`${shardId}.${partition}`] : [],
    ),
  );
  const isIdle = ({ shardId, partition, newest, tick, committedAt }: PartitionClock) =>
    !waiting.has(`${shardId}.${partition}`) && (tick > newest || inputs.now - committedAt >= inputs.idleMs);
  const held = inputs.clocks.filter(({ newest }) => newest > NEVER);
  const active = held.filter((clock) => !isIdle(clock));
  const least = Math.min(...active.map(({ newest, tick }) => Math.max(newest, tick)));
  const newest = Math.max(...held.map((clock) => clock.newest));
  return {
    at: active.length > 0 ? least : null,
    newest: held.length > 0 ? newest : null,
    latenessMs: inputs.latenessMs,
    partitions: held.map((clock) => [
      clock.shardId,
      clock.partition,
      clock.newest,
      clock.tick,
      isIdle(clock) ? 1 : 0,
    ]),
  };
}
