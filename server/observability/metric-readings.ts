import { LIVE_WINDOW_MS, SECOND_MS } from '@/server/core/durations';
import type { CounterWindow, PartitionCounters } from './counter-window';
import { type LagReading, worstLag } from './lag-reading';
import type { MetricKey, MetricReading } from './metric-catalogue';
import type { ShardRegion } from './operations.schema';
import type { StateHealth } from './state-health.connector';

/** Everything readings are made from, as of one moment. */
export interface MetricInputs {
  /** ms */
  now: number;
  /** counters of the partitions' aggregates */
  counters: CounterWindow;
  /** counters of the log: `appended`, `archived`, `deadLetters` */
  flow: CounterWindow;
  partitions: readonly PartitionCounters[];
  /** null: could not be read */
  lag: readonly LagReading[] | null;
  /** of the workspace's shards; empty: not known yet */
  regions: readonly ShardRegion[];
  /** ISO 4217, of the workspace */
  currency: string;
  /** null: nobody has looked yet */
  stateHealth: StateHealth | null;
}

const MINUTE_SECONDS = 60;
const SHORT_SECONDS = 10;
/** The window of everything about carts. */
export const CART_WINDOW_SECONDS = LIVE_WINDOW_MS / SECOND_MS;

const NOT_YET = 'nothing counted yet: the count began just now';

interface Partial {
  value: number | null;
  reason?: string | null;
  at?: number | null;
}

/** The value of every metric of the catalogue, with its dimensions, as of `inputs.now`. Pure. */
export function readingsOf(inputs: MetricInputs): MetricReading[] {
  const whole = WHOLE_METRICS.map(([metric, read]) => reading(metric, '', read(inputs), inputs));
  return [...whole, ...byPlatform(inputs), ...bySource(inputs), ...byRegion(inputs)];
}

const WHOLE_METRICS: [MetricKey, (inputs: MetricInputs) => Partial][] = [
  ['eventsPerSecond', (inputs) => perSecond(inputs, 'events')],
  ['lagSeconds', lag],
  ['errorsPerMinute', errors],
  ['deadLettersPerMinute', ({ flow, now }) => perMinute(flow, 'deadLetters', now)],
  ['cartsAbandoned', (inputs) => countOf(inputs, 'cartsAbandoned')],
  ['cartsConverted', (inputs) => countOf(inputs, 'cartsConverted')],
  ['abandonmentRate', (inputs) => shareOfClosed(inputs, 'cartsAbandoned')],
  ['conversionRate', (inputs) => shareOfClosed(inputs, 'cartsConverted')],
  ['revenue', (inputs) => countOf(inputs, `revenue#${inputs.currency}`)],
  ['revenueAtRisk', atRisk],
  ['openCarts', (inputs) => gauge(inputs, 'openCarts')],
  ['cartsAtRisk', (inputs) => gauge(inputs, 'cartsAtRisk')],
  ['liveVisits', (inputs) => gauge(inputs, 'liveVisits')],
  ['viewedShare', (inputs) => shareOfLive(inputs, 'viewed')],
  ['addedShare', (inputs) => shareOfLive(inputs, 'added')],
  ['checkoutShare', (inputs) => shareOfLive(inputs, 'checkout')],
  ['orderedShare', (inputs) => shareOfLive(inputs, 'ordered')],
  ['queueLength', (inputs) => gauge(inputs, 'queue')],
  ['openContacts', (inputs) => gauge(inputs, 'openContacts')],
  ['decisionsPerMinute', ({ counters, now }) => perMinute(counters, 'decisions', now)],
  ['latePerMinute', ({ counters, now }) => perMinute(counters, 'late', now)],
  ['duplicatesPerMinute', ({ counters, now }) => perMinute(counters, 'duplicates', now)],
  ['divergentStates', divergentStates],
];

function reading(metric: MetricKey, dimension: string, found: Partial, inputs: MetricInputs): MetricReading {
  const at = found.at === undefined ? inputs.counters.newestAt : found.at;
  return { metric, dimension, value: found.value, at, reason: found.reason ?? standstill(inputs) };
}

/** Why nothing newer has come, should the value grow old. */
function standstill({ lag: readings, counters }: MetricInputs): string {
  if (readings === null) return 'the log could not be read';
  const worst = worstLag(readings);
  if (worst.reason !== null && readings.length > 0) return worst.reason;
  return counters.newestAt === null ? 'no event has come yet' : 'no event has come since';
}

function divergentStates({ stateHealth }: MetricInputs): Partial {
  if (stateHealth === null) return { value: null, at: null, reason: 'no state has been recomputed yet' };
  return { value: stateHealth.divergent, at: stateHealth.at, reason: 'the recomputation stands still' };
}

function perSecond({ counters, now }: MetricInputs, name: string): Partial {
  const value = counters.rate(name, SHORT_SECONDS, now);
  return value === null ? { value, reason: NOT_YET } : { value };
}

function perMinute(window: CounterWindow, name: string, now: number): Partial {
  const rate = window.rate(name, MINUTE_SECONDS, now);
  if (rate === null) return { value: null, reason: NOT_YET };
  return { value: rate * MINUTE_SECONDS, at: window.observedAt };
}

function errors({ counters, flow, now }: MetricInputs, of = ''): Partial {
  const processing = perMinute(counters, `errors${of}`, now);
  const refused = perMinute(flow, `deadLetters${of}`, now);
  if (processing.value === null || refused.value === null) return { value: null, reason: NOT_YET };
  return { value: processing.value + refused.value, at: counters.observedAt };
}

function lag({ lag: readings, now }: Pick<MetricInputs, 'lag' | 'now'>): Partial {
  if (readings === null) return { value: null, at: null, reason: 'the log could not be read' };
  const worst = worstLag(readings);
  return { value: worst.seconds, at: now, reason: worst.reason };
}

function countOf({ counters, now }: MetricInputs, name: string): Partial {
  const found = counters.total(name, CART_WINDOW_SECONDS, now);
  if (found === null) return { value: null, reason: NOT_YET };
  return {
    value: Math.round(found.count * 100) / 100,
    reason: partly(found.knownSeconds),
    at: counters.observedAt,
  };
}

function shareOfClosed(inputs: MetricInputs, name: 'cartsAbandoned' | 'cartsConverted'): Partial {
  const abandoned = inputs.counters.total('cartsAbandoned', CART_WINDOW_SECONDS, inputs.now);
  const converted = inputs.counters.total('cartsConverted', CART_WINDOW_SECONDS, inputs.now);
  if (abandoned === null || converted === null) return { value: null, reason: NOT_YET };
  const closed = abandoned.count + converted.count;
  // Counts are spread over seconds: less than half a cart is none.
  if (closed < 0.5) return { value: null, reason: 'no cart has closed in the last 10 min' };
  const counted = name === 'cartsAbandoned' ? abandoned : converted;
  return {
    value: (counted.count / closed) * 100,
    reason: partly(abandoned.knownSeconds),
    at: inputs.counters.observedAt,
  };
}

/** Says so while less than the window has been counted. */
function partly(knownSeconds: number): string | null {
  if (knownSeconds >= CART_WINDOW_SECONDS - SHORT_SECONDS) return null;
  const counted =
    knownSeconds < 90 ? `${Math.round(knownSeconds)} s` : `${Math.round(knownSeconds / 60)} min`;
  return `counted for ${counted} so far`;
}

function gauge({ partitions, counters }: MetricInputs, name: string): Partial {
  if (partitions.length === 0) return { value: null, reason: 'no partition has held an event yet' };
  let sum = 0;
  for (const { values } of partitions) sum += values.gauges[name] ?? 0;
  return { value: Math.max(0, sum), at: counters.observedAt };
}

/** Of the live visits, those that reached a step of the funnel. */
function shareOfLive({ partitions, counters }: MetricInputs, step: string): Partial {
  let visits = 0;
  let reached = 0;
  for (const { values } of partitions) {
    visits += values.funnel.visited?.live ?? 0;
    reached += values.funnel[step]?.live ?? 0;
  }
  if (visits <= 0) return { value: null, reason: 'there is no live visit' };
  // Two digits: it travels with each push.
  return { value: Math.max(0, Math.round((reached / visits) * 10_000) / 100), at: counters.observedAt };
}

function atRisk({ partitions, counters, currency }: MetricInputs): Partial {
  if (partitions.length === 0) return { value: null, reason: 'no partition has held an event yet' };
  let sum = 0;
  for (const { values } of partitions) sum += Number(values.money.revenueAtRisk?.[currency] ?? 0);
  return { value: Math.max(0, Math.round(sum * 100) / 100), at: counters.observedAt };
}

/** The rate of one feed, with the age of the feed itself: that others go on does not make it young. */
function feedRate(inputs: MetricInputs, dimension: string, name = `events@${dimension}`): MetricReading {
  const at = inputs.counters.changedAt(name);
  return reading('eventsPerSecond', dimension, { ...perSecond(inputs, name), at }, inputs);
}

function byPlatform(inputs: MetricInputs): MetricReading[] {
  return inputs.counters.names('events@platform=').flatMap((name) => {
    const dimension = name.slice('events@'.length);
    return [
      feedRate(inputs, dimension),
      reading('cartsAbandoned', dimension, countOf(inputs, `cartsAbandoned@${dimension}`), inputs),
      reading('cartsConverted', dimension, countOf(inputs, `cartsConverted@${dimension}`), inputs),
    ];
  });
}

function bySource(inputs: MetricInputs): MetricReading[] {
  return inputs.counters.names('events@source=').map((name) => {
    return feedRate(inputs, name.slice('events@'.length));
  });
}

/** Of each region, where there are several: what comes in, how far behind, what fails. */
function byRegion(inputs: MetricInputs): MetricReading[] {
  const { regions, now } = inputs;
  if (regions.length < 2) return [];
  return regions.flatMap(({ shardId, region }) => {
    const dimension = `region=${region}`;
    const own = inputs.lag?.filter((reading) => reading.shardId === shardId) ?? null;
    const ofShard = `@shard=${shardId}`;
    return [
      feedRate(inputs, dimension, `events${ofShard}`),
      reading('lagSeconds', dimension, lag({ lag: own, now }), inputs),
      reading('errorsPerMinute', dimension, errors(inputs, ofShard), inputs),
    ];
  });
}
