import { describe, expect, it } from 'vitest';
import type { DetailedLag } from './lag.service';
import { LagBoard, type LagInputs } from './lag-board';
import type { WorkerVitals } from './worker-vitals';

const LIMIT = 10;
const calm: WorkerVitals = {
  at: 0,
  windowSeconds: 10,
  waitsFor: 'Redis',
  handlerShare: 0.2,
  waitShare: 0.1,
  waitingMs: 0,
  failures: 0,
  msPerEvent: 0.05,
  usualMsPerEvent: 0.05,
  partitions: {},
};

/** A shop of two partitions on one worker, told second by second. */
class Shop {
  readonly board = new LagBoard('salt');
  second = 0;
  appended = [0, 0];
  processed = [0, 0];
  archived = [0, 0];
  oldestAt: (number | null)[] = [null, null];
  owner: string | null = 'w1';
  load: WorkerVitals = calm;
  archiveLoad: WorkerVitals = { ...calm, waitsFor: 'Postgres' };

  get now(): number {
    return 1_700_000_000_000 + this.second * 1_000;
  }

  /** A second in which so much came to each partition and so much was done of it. */
  pass(came: readonly number[], done: readonly number[] = came, archived: readonly number[] = done) {
    this.second += 1;
    for (const p of [0, 1]) {
      this.appended[p] = (this.appended[p] ?? 0) + (came[p] ?? 0);
      this.processed[p] = (this.processed[p] ?? 0) + (done[p] ?? 0);
      this.archived[p] = (this.archived[p] ?? 0) + (archived[p] ?? 0);
      const isBehind = (this.processed[p] ?? 0) < (this.appended[p] ?? 0);
      this.oldestAt[p] = isBehind ? (this.oldestAt[p] ?? this.now) : null;
    }
    return this.board.observe(this.inputs());
  }

  inputs(): LagInputs {
    const names = this.owner === null ? [] : [this.owner];
    const loads = (load: WorkerVitals) => new Map(names.map((name) => [name, load]));
    return {
      at: this.now,
      readings: [0, 1].flatMap((partition) => [
        this.reading(partition, 'main'),
        this.reading(partition, 'archive'),
      ]),
      workers: {
        main: { names, loads: loads(this.load) },
        archive: { names, loads: loads(this.archiveLoad) },
      },
      regions: [{ shardId: 1, region: 'eu-central' }],
      limitSeconds: LIMIT,
      refusals: null,
    };
  }

  reading(partition: number, group: 'main' | 'archive'): DetailedLag {
    const appended = this.appended[partition] ?? 0;
    const processed = (group === 'main' ? this.processed : this.archived)[partition] ?? 0;
    const oldestAt = this.oldestAt[partition] ?? null;
    const drained = this.owner === null ? null : 0;
    return {
      shardId: 1,
      partition,
      group,
      lagSeconds: processed < appended && oldestAt !== null ? (this.now - oldestAt) / 1_000 : drained,
      backlog: appended - processed,
      owner: this.owner,
      ownerSilentMs: this.owner === null ? null : 300,
      appended,
      processed,
    };
  }

  calm(seconds: number) {
    for (let i = 0; i < seconds; i += 1) this.pass([50, 50]);
  }
}

const kinds = (snapshot: ReturnType<LagBoard['observe']>, group = 'main') =>
  snapshot.causes.filter((each) => each.group === group).map(({ cause }) => cause.kind);

describe('the lag board', () => {
  it('says nothing of causes while all is well, and learns what usually comes', () => {
    const shop = new Shop();
    shop.calm(60);
    const snapshot = shop.pass([50, 50]);
    expect(snapshot.causes).toEqual([]);
    const [main] = snapshot.groups;
    expect(main).toMatchObject({
      lagSeconds: 0,
      arriving: 100,
      processed: 100,
      usuallyArriving: 100,
      workers: 1,
    });
    expect(snapshot.skew).toEqual({ partitions: 1, workers: 1 });
    expect(snapshot.regions).toEqual([{ shardId: 1, region: 'eu-central' }]);
  });

  it('never takes a dead worker for zero, and names it', () => {
    const shop = new Shop();
    shop.calm(40);
    shop.owner = null;
    let snapshot = shop.pass([0, 0]);
    expect(snapshot.rows.map(({ lagSeconds }) => lagSeconds)).toEqual([null, null, null, null]);
    expect(snapshot.groups[0]?.lagSeconds).toBeNull();
    for (let i = 0; i < 4; i += 1) snapshot = shop.pass([50, 0], [0, 0]);
    expect(snapshot.groups[0]?.lagSeconds).toBe(3);
    expect(kinds(snapshot)).toEqual(['noWorker']);
    expect(snapshot.causes[0]?.partitions).toEqual(['1.0']);
  });

  it('names a burst, tells when it is past, and when the backlog will be gone', () => {
    const shop = new Shop();
    shop.calm(60);
    let snapshot = shop.pass([50, 50]);
    for (let i = 0; i < 6; i += 1) snapshot = shop.pass([500, 500], [100, 100]);
    expect(kinds(snapshot)).toEqual(['burst']);
    expect(snapshot.groups[0]?.breachSeconds).toBeGreaterThan(0);
    expect(snapshot.groups[0]?.drainSeconds).toBeNull();
    for (let i = 0; i < 30; i += 1) snapshot = shop.pass([50, 50], [100, 100]);
    expect(snapshot.causes[0]).toMatchObject({ cause: { kind: 'burst' }, isPast: true });
    const row = snapshot.rows[0];
    expect(row?.drainSeconds).toBeCloseTo((row?.backlog ?? 0) / 50, 0);
  });

  it('finds the hot customer, masked, also for the partitions that share its worker', () => {
    const shop = new Shop();
    shop.calm(60);
    shop.load = {
      ...calm,
      partitions: {
        '1.0': { perSecond: 10, handlerMs: 1, hot: [] },
        '1.1': { perSecond: 90, handlerMs: 9, hot: [['customer-anna', 0.95]] },
        '7.0': { perSecond: 5, handlerMs: 1, hot: [['customer-of-others', 1]] },
      },
    };
    let snapshot = shop.pass([50, 50]);
    for (let i = 0; i < 6; i += 1) snapshot = shop.pass([50, 900], [10, 90]);
    expect(new Set(kinds(snapshot))).toEqual(new Set(['hotKey']));
    expect(JSON.stringify(snapshot)).not.toContain('customer-');
    expect(snapshot.hot.map(({ partition, key }) => [partition, key])).toEqual([[1, 'cu••••na']]);
    expect(snapshot.skew.partitions).toBeGreaterThan(1.5);
  });

  it('says of a customer of another workspace no more than that', () => {
    const shop = new Shop();
    shop.calm(60);
    shop.load = {
      ...calm,
      partitions: { '7.0': { perSecond: 5_000, handlerMs: 900, hot: [['others', 1]] } },
    };
    let snapshot = shop.pass([50, 50]);
    for (let i = 0; i < 6; i += 1) snapshot = shop.pass([50, 50], [10, 10]);
    expect(kinds(snapshot)).toEqual(['hotKey']);
    expect(snapshot.causes[0]?.cause.words).toContain('another workspace');
    expect(JSON.stringify(snapshot)).not.toMatch(/others|7\.0/);
  });

  it('sends the archive to who is behind: Postgres, or processing', () => {
    const shop = new Shop();
    shop.calm(40);
    shop.archiveLoad = { ...shop.archiveLoad, waitShare: 0.9, waitingMs: 4_000 };
    let snapshot = shop.pass([50, 50]);
    for (let i = 0; i < 4; i += 1) snapshot = shop.pass([50, 50], [40, 50], [0, 0]);
    expect(kinds(snapshot, 'archive')).toContain('downstream');
    const waiting = new Shop();
    waiting.calm(40);
    for (let i = 0; i < 4; i += 1) snapshot = waiting.pass([50, 50], [0, 0], [0, 0]);
    expect(kinds(snapshot, 'archive')).toEqual(['upstream']);
  });

  it('knows nothing when the lag cannot be read, and says what workers wait for', () => {
    const shop = new Shop();
    shop.load = { ...calm, waitingMs: 7_000 };
    const snapshot = shop.board.unread(shop.inputs().workers, LIMIT);
    expect(snapshot).toMatchObject({ at: null, groups: [], rows: [] });
    expect(snapshot.problem).toContain('7 s');
  });

  it('counts from anew when a store was set back', () => {
    const shop = new Shop();
    shop.calm(20);
    shop.appended = [0, 0];
    shop.processed = [0, 0];
    shop.archived = [0, 0];
    shop.pass([5, 5]);
    const { groups } = shop.pass([5, 5]);
    expect(groups[0]?.arriving).toBe(10);
  });
});
