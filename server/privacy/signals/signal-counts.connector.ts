import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import { valuesOf } from '@/server/core/redis-replies';
import type { SignalSeen } from './read-signals';

const FLUSH_AFTER_MS = 1_000;
/** Hours of counts that are told of, and kept. */
export const SIGNAL_HOURS = 24;
const KEPT_SECONDS = ((SIGNAL_HOURS + 2) * HOUR_MS) / 1_000;

const countsKey = (workspaceId: string, at: number): string =>
  `consent-signals:${workspaceId}:${Math.floor(at / HOUR_MS)}`;

/** Workspaces by the last time a signal came for them: of thousands most send none. */
const LATELY_KEY = 'consent-signals:lately';
/** A signal that is not in the record by then waits for the check of all workspaces. */
const LATELY_MS = 5 * MINUTE_MS;

/**
 * Counts the consent signals that collectors see, by kind and outcome, by the hour. Told to the queue Redis once a second:
 * what a process had not told when it dies is not counted, which loses no signal.
 */
export class SignalCounts {
  readonly #redis: Redis;
  readonly #now: Clock;
  /** workspace → `kind outcome` → how many */
  #waiting = new Map<string, Map<string, number>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Redis, now: Clock) {
    this.#redis = redis;
    this.#now = now;
  }

  seen(workspaceId: string, signals: readonly SignalSeen[]): void {
    const counts = this.#waiting.get(workspaceId) ?? new Map<string, number>();
    this.#waiting.set(workspaceId, counts);
    for (const { kind, outcome } of signals) {
      const name = `${kind} ${outcome}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  }

  /** Resolves once what was seen is told, or could not be: counts are worth no error. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pipeline = this.#redis.pipeline();
    const now = this.#now();
    for (const [workspaceId, counts] of this.#waiting) {
      const key = countsKey(workspaceId, now);
      pipeline.zadd(LATELY_KEY, now, workspaceId);
      for (const [name, count] of counts) pipeline.hincrby(key, name, count);
      pipeline.expire(key, KEPT_SECONDS);
    }
    this.#waiting = new Map();
    await pipeline.exec().catch(() => undefined);
  }
}

/** Workspaces for which signals came in the last minutes. */
export async function signallingLately(redis: Redis, now: number): Promise<string[]> {
  await redis.zremrangebyscore(LATELY_KEY, '-inf', now - LATELY_MS);
  return redis.zrange(LATELY_KEY, '0', '-1');
}

export interface SignalCount {
  kind: string;
  outcome: string;
  count: number;
}

/** Signals of the last 24 hours, the present one included, by kind and outcome. */
export async function recentSignals(redis: Redis, workspaceId: string, now: number): Promise<SignalCount[]> {
  const pipeline = redis.pipeline();
  for (let hour = 0; hour < SIGNAL_HOURS; hour += 1)
    pipeline.hgetall(countsKey(workspaceId, now - hour * HOUR_MS));
  const sums = new Map<string, number>();
  for (const counts of valuesOf(await pipeline.exec()) as Record<string, string>[])
    for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + Number(count));
  return [...sums].map(([name, count]) => {
    const [kind = '', outcome = ''] = name.split(' ');
    return { kind, outcome, count };
  });
}
