import { seededRandom } from '../bench/event-maker';

/** What may be done, to whom. */
export type Fault =
  | { kind: 'kill'; victim: Victim }
  | { kind: 'pause'; victim: Pausable; forMs: number }
  | { kind: 'delay'; store: Store; byMs: number; forMs: number }
  | { kind: 'cut'; store: Store }
  | { kind: 'half-open'; store: Store; forMs: number };

/** What the product's processes reach over a network: both Redis, and the broker where the log is on one. */
export type Store = 'log' | 'queue' | 'broker';
export type Pausable = 'stream-1' | 'stream-2' | 'archive' | 'broker';
export type Victim = Pausable | 'collector' | 'jobs' | 'redis-log' | 'redis-queue';
/** Where the log is. */
export type ChaosLog = 'redis' | 'kafka';

export interface Scheduled {
  /** ms after the beginning */
  at: number;
  fault: Fault;
}

const FIRST_MS = 4_000;
const GAP_MS = { least: 1_000, most: 3_500 };
/** A lease lasts two seconds: a pause goes well past it, and so long that somebody else works on meanwhile. */
const PAUSE_MS = { least: 4_000, most: 8_000 };
const DELAY_MS = { least: 20, most: 250 };
const DELAY_FOR_MS = { least: 2_000, most: 6_000 };
const HALF_OPEN_MS = { least: 6_000, most: 15_000 };
/**
 * The supervisor gives a process up that ends five times in a row within ten seconds of its start, as it should. Kills
 * of one process are further apart.
 */
const SAME_VICTIM_MS = 11_000;
/** A broker takes some ten seconds to come back: between its faults it is to be there for longer than it is away. */
const SAME_BROKER_MS = 25_000;

const VICTIMS_ON_REDIS: readonly Victim[] = [
  'stream-1',
  'stream-2',
  'archive',
  'collector',
  'jobs',
  'redis-log',
  'redis-queue',
];
const PAUSABLE_ON_REDIS: readonly Pausable[] = ['stream-1', 'stream-2', 'archive'];
/** Whom faults are drawn from, by where the log is. */
const FIELDS: Record<
  ChaosLog,
  { victims: readonly Victim[]; pausable: readonly Pausable[]; stores: readonly Store[] }
> = {
  redis: { victims: VICTIMS_ON_REDIS, pausable: PAUSABLE_ON_REDIS, stores: ['log', 'queue'] },
  kafka: {
    victims: [...VICTIMS_ON_REDIS, 'broker'],
    pausable: [...PAUSABLE_ON_REDIS, 'broker'],
    stores: ['log', 'queue', 'broker'],
  },
};
/** In tenths: kills, pauses, then the three of the network. */
const KINDS = [
  'kill',
  'kill',
  'kill',
  'kill',
  'pause',
  'pause',
  'delay',
  'cut',
  'half-open',
  'half-open',
] as const;

/** The faults of a run of so many ms: a function of the seed and of where the log is. */
export function faultSchedule(seed: number, durationMs: number, log: ChaosLog = 'redis'): Scheduled[] {
  const { victims, pausable, stores } = FIELDS[log];
  const random = seededRandom(seed);
  const between = ({ least, most }: { least: number; most: number }) =>
    Math.round(least + random() * (most - least));
  const oneOf = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
  const busyUntil = new Map<Victim, number>();
  const schedule: Scheduled[] = [];
  for (let at = FIRST_MS; at < durationMs; at += between(GAP_MS)) {
    const fault = draw();
    if (fault) schedule.push({ at, fault });

    function draw(): Fault | null {
      const kind = oneOf(KINDS);
      if (kind === 'kill') {
        const victim = oneOf(victims);
        return take(victim, restOf(victim)) ? { kind, victim } : null;
      }
      if (kind === 'pause') {
        const [victim, forMs] = [oneOf(pausable), between(PAUSE_MS)];
        return take(victim, forMs + restOf(victim)) ? { kind, victim, forMs } : null;
      }
      const store = oneOf(stores);
      if (kind === 'delay') return { kind, store, byMs: between(DELAY_MS), forMs: between(DELAY_FOR_MS) };
      if (kind === 'half-open') return { kind, store, forMs: between(HALF_OPEN_MS) };
      return { kind, store };
    }

    /** Whether the victim is free at this moment; then it is taken. */
    function take(victim: Victim, forMs: number): boolean {
      if ((busyUntil.get(victim) ?? 0) > at) return false;
      busyUntil.set(victim, at + forMs);
      return true;
    }
  }
  return schedule;
}

/** How long a victim is left alone after a fault, ms. */
const restOf = (victim: Victim): number => (victim === 'broker' ? SAME_BROKER_MS : SAME_VICTIM_MS);

/** A fault in a few words: for the report, and to count alike ones. */
export function nameOf(fault: Fault): string {
  if (fault.kind === 'kill') return `kill -9 ${fault.victim}`;
  if (fault.kind === 'pause') return `pause ${fault.victim}`;
  return `${fault.kind} ${fault.store}`;
}
