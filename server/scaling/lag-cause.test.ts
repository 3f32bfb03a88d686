import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAG_CAUSES, type LagEvidence, lagCauseOf } from './lag-cause';
import type { WorkerVitals } from './worker-vitals';

const healthyLoad: WorkerVitals = {
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

const healthy: LagEvidence = {
  group: 'main',
  name: '1.3',
  backlog: 100,
  ownerSilentMs: 200,
  workers: 2,
  load: healthyLoad,
  hotKey: null,
  arriving: 100,
  processed: 100,
  usuallyArriving: 100,
  caughtUpWithUpstream: false,
};

const loaded = (load: Partial<WorkerVitals>, more: Partial<LagEvidence> = {}): LagEvidence => ({
  ...healthy,
  ...more,
  load: { ...healthyLoad, ...load },
});
const hot = { key: 'us••••42', partition: '1.3', shareOfWorker: 0.9, perSecond: 900 };

describe('the cause of a lag', () => {
  it.each([
    ['noWorker', { ...healthy, ownerSilentMs: null, workers: 0 }],
    ['noWorker', { ...healthy, ownerSilentMs: 4_000 }],
    ['noWorker', { ...healthy, ownerSilentMs: null, workers: 2 }],
    ['upstream', { ...healthy, group: 'archive', caughtUpWithUpstream: true }],
    ['downstream', loaded({ waitsFor: 'Postgres', waitShare: 0.95, waitingMs: 6_000 }, { group: 'archive' })],
    ['downstream', loaded({ waitShare: 0.7 })],
    ['downstream', loaded({ failures: 3 })],
    ['hotKey', { ...healthy, hotKey: hot }],
    ['hotKey', { ...healthy, hotKey: { ...hot, partition: '1.9' } }],
    ['slowHandler', loaded({ msPerEvent: 0.2, handlerShare: 0.9 })],
    ['slowHandler', loaded({ msPerEvent: 5, usualMsPerEvent: null, handlerShare: 0.9 })],
    ['burst', { ...healthy, arriving: 1_000, processed: 400 }],
    ['burst', { ...healthy, arriving: 1_000, processed: 400, usuallyArriving: null }],
    ['unclear', healthy],
    ['unclear', { ...healthy, load: null, arriving: null, processed: null, usuallyArriving: null }],
  ] as [string, LagEvidence][])('is %s for its own evidence', (kind, readings) => {
    expect(lagCauseOf(readings).kind).toBe(kind);
  });

  it('is not a slow handler while handlers are hardly busy, nor at twice the usual', () => {
    expect(lagCauseOf(loaded({ msPerEvent: 5, handlerShare: 0.1 })).kind).toBe('unclear');
    expect(lagCauseOf(loaded({ msPerEvent: 0.1, handlerShare: 0.9 })).kind).toBe('unclear');
  });

  it('is a store only where waiting outweighs handling', () => {
    expect(lagCauseOf(loaded({ waitShare: 0.55, handlerShare: 0.6 })).kind).toBe('unclear');
  });

  it('names the other partition when its customer takes up the worker', () => {
    const { words } = lagCauseOf({ ...healthy, hotKey: { ...hot, partition: '1.9' } });
    expect(words).toContain('1.9');
    expect(words).toContain(hot.key);
  });

  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const rate = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }));
  const anyLoad = fc.record({
    at: fc.constant(0),
    windowSeconds: fc.constant(10),
    waitsFor: fc.constantFrom<WorkerVitals['waitsFor']>('Redis', 'Postgres'),
    handlerShare: share,
    waitShare: share,
    waitingMs: fc.nat(60_000),
    failures: fc.nat(20),
    msPerEvent: rate,
    usualMsPerEvent: rate,
    partitions: fc.constant({}),
  });
  const anything: fc.Arbitrary<LagEvidence> = fc.record({
    group: fc.constantFrom<LagEvidence['group']>('main', 'archive'),
    name: fc.constant('1.3'),
    backlog: fc.nat(1e6),
    ownerSilentMs: fc.option(fc.nat(10_000)),
    workers: fc.nat(9),
    load: fc.option(anyLoad),
    hotKey: fc.option(fc.constant(hot)),
    arriving: rate,
    processed: rate,
    usuallyArriving: rate,
    caughtUpWithUpstream: fc.boolean(),
  });

  it('is always one of the list, in words, with figures that are numbers', () => {
    fc.assert(
      fc.property(anything, (readings) => {
        const cause = lagCauseOf(readings);
        expect(LAG_CAUSES).toContain(cause.kind);
        expect(cause.words).toMatch(/^[A-Z].*\.$/);
        for (const { value } of cause.evidence) expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });

  it('is no worker whenever nobody holds the partition, whatever else the readings say', () => {
    fc.assert(
      fc.property(anything, (readings) => {
        expect(lagCauseOf({ ...readings, ownerSilentMs: null }).kind).toBe('noWorker');
      }),
    );
  });
});
