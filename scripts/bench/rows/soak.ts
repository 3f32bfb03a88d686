import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import type { LoadOptions } from '../load-options';
import { privateBytes } from '../process-accounts';
import { sleep } from '../processes';
import { BenchProduct } from './bench-product';
import { drift } from './drift';
import type { Row, RowContext } from './row';

const BAR = 0.02;
const RATE = 2_000;
const WINDOWS = 30;
const LOOKS_PER_WINDOW = 10;
/** So few that each has sent more than a state keeps at once before anything is measured: from then on none grows. */
const CUSTOMERS = 1_000;
/** At the rate that is measured: batches, heaps and caches find their size, which the rush before it made another. */
const SETTLE_MINUTES = 10;
/** Time of events that is gone through before anything is measured: carts and visits of all ages are there. */
const HISTORY_MS = HOUR_MS;
const HISTORY_FACTOR = 20;
const SETTINGS = {
  // Recent ids fill this within the first minutes: more of them forget older ones, and take no more memory.
  DEDUP_MAX_BYTES: String(4 * 2 ** 20),
};

interface Window {
  microsPerEvent: number;
  /** the least of the window: what garbage collection and a rewrite of the log come down to */
  privateBytes: number;
}

/** A steady load for long: what an event costs and the private memory of all processes, by window. */
export const soak: Row = async (context) => {
  context.say('starting a product …');
  const bench = await BenchProduct.start(SETTINGS);
  try {
    const load = { connections: 8, rate: RATE, customers: CUSTOMERS };
    context.say('an hour of events, faster than they happened …');
    const historySeconds = HISTORY_MS / HISTORY_FACTOR / 1_000;
    const history = { agoMs: HISTORY_MS, timeFactor: HISTORY_FACTOR, seconds: historySeconds, seed: 61 };
    await bench.load({ ...load, ...history });
    await bench.drain();
    context.say(`${SETTLE_MINUTES} minutes at the rate that is measured …`);
    await bench.load({ ...load, seconds: SETTLE_MINUTES * 60, seed: 63 });
    const windows = await watch(context, bench, load);
    const cost = drift(windows.map(({ microsPerEvent }) => microsPerEvent));
    const memory = drift(windows.map((window) => window.privateBytes));
    return {
      minutes: context.minutes,
      eventsPerSecond: RATE,
      customers: CUSTOMERS,
      settledMinutes: SETTLE_MINUTES,
      costDrift: Math.round(cost * 10_000) / 10_000,
      memoryDrift: Math.round(memory * 10_000) / 10_000,
      windows,
      bar: { costDrift: BAR, memoryDrift: BAR },
      // Less than before is no leak.
      holds: cost <= BAR && memory <= BAR,
    };
  } finally {
    await bench.stop();
  }
};

/** Looks while the load goes on; windows are of equal length. */
async function watch(
  { minutes, say }: RowContext,
  bench: BenchProduct,
  load: Pick<LoadOptions, 'connections' | 'rate' | 'customers'>,
): Promise<Window[]> {
  const windowMs = (minutes * MINUTE_MS) / WINDOWS;
  const sending = bench.load({ ...load, seconds: minutes * 60, seed: 62 });
  // Awaited at the end; a failure before that is told there.
  sending.catch(() => undefined);
  const windows: Window[] = [];
  let before = { micros: bench.cpu().all, events: await bench.processed() };
  for (let due = Date.now() + windowMs; windows.length < WINDOWS; due += windowMs) {
    let least = Number.POSITIVE_INFINITY;
    for (let look = LOOKS_PER_WINDOW; look > 0; look -= 1) {
      await sleep((due - Date.now()) / look);
      least = Math.min(least, privateBytes(bench.product.pid));
    }
    const now = { micros: bench.cpu().all, events: await bench.processed() };
    const microsPerEvent = (now.micros - before.micros) / Math.max(1, now.events - before.events);
    windows.push({ microsPerEvent: Math.round(microsPerEvent * 10) / 10, privateBytes: least });
    say(
      `window ${windows.length} of ${WINDOWS}: ${microsPerEvent.toFixed(1)} µs, ${(least / 2 ** 20).toFixed(0)} MiB`,
    );
    before = now;
  }
  await sending;
  return windows;
}
