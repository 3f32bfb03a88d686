import { describe, expect, it } from 'vitest';
import { LagGate } from './lag-gate';
import { refusalsOf } from './lag-refusals';
import type { RefusalReport } from './lag-refusals.schema';

const START = 1_700_000_000_000;
const CAPACITY = 1_000;
const BATCH = 50;
const BYTES = 10_000;

/** Collectors at one log, second by second, each sent its share of the requests. */
class Door {
  now = START;
  readonly gates: LagGate[];
  appended = 0;
  processed = 0;
  waits: number[] = [];

  constructor(
    readonly shares: readonly number[],
    readonly shardId = 1,
  ) {
    this.gates = shares.map(() => new LagGate({ behindSeconds: 5, now: () => this.now }));
  }

  pass(seconds: number, requestsPerSecond: number, capacity = CAPACITY): number {
    const before = this.appended;
    for (let second = 0; second < seconds; second += 1) {
      for (let request = 0; request < requestsPerSecond; request += 1) {
        this.now += 1_000 / requestsPerSecond;
        this.#send(this.#gateFor(request / requestsPerSecond));
      }
      this.processed = Math.min(this.appended, this.processed + capacity);
      this.#read();
    }
    return this.appended - before;
  }

  #gateFor(place: number): LagGate {
    let from = 0;
    const index = this.shares.findIndex((share) => {
      from += share;
      return place < from;
    });
    return this.gates[index] as LagGate;
  }

  #send(gate: LagGate): void {
    const wait = gate.ask({ shardId: this.shardId, partitions: 4 }, BYTES);
    if (wait > 0) {
      this.waits.push(wait);
      return;
    }
    gate.took(this.shardId, BATCH);
    this.appended += BATCH;
  }

  #read(): void {
    const { now: at, appended, processed } = this;
    for (const gate of this.gates) gate.observe(this.shardId, { at, appended, processed });
    const bytes = this.gates.map((gate) => gate.reports().get(this.shardId)?.bytesPerSecond ?? 0);
    const all = bytes.reduce((sum, each) => sum + each, 0);
    for (const [index, gate] of this.gates.entries()) gate.share(this.shardId, all - (bytes[index] ?? 0));
  }
}

describe('LagGate', () => {
  it.each([[[1]], [[0.5, 0.5]], [[0.75, 0.25]], [[0.5, 0.3, 0.2]]])(
    'lets in what is processed, by collectors that are sent %j of it',
    (shares) => {
      const door = new Door(shares);
      door.pass(60, 60);
      const taken = door.pass(60, 60);
      expect(taken / (60 * CAPACITY)).toBeGreaterThan(0.88);
      expect(taken / (60 * CAPACITY)).toBeLessThan(1.05);
    },
  );

  it('asks senders to come again after more seconds the more is refused, and not all at once', () => {
    const [some, most] = [30, 200].map((requests) => {
      const door = new Door([1]);
      door.pass(60, requests);
      return door.waits.slice(-60);
    });
    expect(Math.min(...(most ?? []))).toBeGreaterThan(Math.max(1, Math.min(...(some ?? []))));
    expect(new Set(most).size).toBeGreaterThan(3);
  });

  it('refuses nothing any more when no reading has come for a while', () => {
    const door = new Door([1]);
    door.pass(60, 60);
    const [gate] = door.gates;
    expect(gate?.reports().size).toBe(1);
    door.now += 6_000;
    const asked = Array.from({ length: 100 }, () => gate?.ask({ shardId: 1, partitions: 4 }, BYTES));
    expect(new Set(asked)).toEqual(new Set([0]));
  });

  it('refuses one workspace and not the other, and nothing when it is turned off', () => {
    const door = new Door([1]);
    door.pass(60, 60);
    const other = Array.from({ length: 100 }, () => door.gates[0]?.ask({ shardId: 2, partitions: 4 }, BYTES));
    expect(new Set(other)).toEqual(new Set([0]));
    const off = new LagGate({ behindSeconds: 0, now: () => START });
    expect(off.ask({ shardId: 1, partitions: 4 }, BYTES)).toBe(0);
    expect(off.wanted()).toEqual([]);
  });
});

describe('refusalsOf', () => {
  const report = (fields: Partial<RefusalReport>): RefusalReport => ({
    at: START,
    since: START - 5_000,
    refused: 30,
    refusedPerSecond: 6,
    passedPerSecond: 2,
    bytesPerSecond: 1,
    limit: 100,
    drainSeconds: 12,
    behindSeconds: 10,
    ...fields,
  });

  it('sums up collectors, each shard once by its limit', () => {
    const shards = [
      [report({}), report({ since: START - 9_000 })],
      [report({ limit: 50, drainSeconds: 20 })],
    ];
    expect(refusalsOf(shards, START)).toEqual({
      since: START - 9_000,
      refused: 90,
      perSecond: 18,
      share: 0.75,
      limit: 150,
      drainSeconds: 20,
      behindSeconds: 10,
    });
  });

  it('is nothing while nothing was refused, and when collectors have been silent', () => {
    expect(refusalsOf([[report({ since: null })]], START)).toBeNull();
    expect(refusalsOf([[report({})]], START + 10_000)).toBeNull();
    expect(refusalsOf([], START)).toBeNull();
  });
});
