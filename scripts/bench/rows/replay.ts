import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DAY_MS } from '@/server/core/durations';
import { startOwnProduct } from '../../own-product';
import { sleep } from '../processes';
import { get } from '../product-figures';
import { BenchProduct } from './bench-product';
import { RecoveryWatch } from './recovery-watch';
import type { Row, RowContext } from './row';

const BAR = 3;
const CONNECTIONS = 16;
const SETTLE_LIMIT_MS = 300_000;
const SETTINGS = {
  // No snapshot is taken: all of history is replayed.
  SNAPSHOT_INTERVAL_MS: String(DAY_MS),
  // Events are of yesterday and end by themselves: a state in which the clock changes nothing any more can be compared.
  IDLE_MS: '2000',
};

interface Live {
  events: number;
  eventsPerSecond: number;
  /** of the processors' own process */
  streamMicrosPerEvent: number;
}

/** What the processors take live, at saturation, against what a recovery takes that replays all of history (ADR 20). */
export const replay: Row = async (context) => {
  context.say('starting a product …');
  const bench = await BenchProduct.start(SETTINGS);
  let { product } = bench;
  const { dataDir } = product;
  try {
    const live = await runLive(context, bench);
    const before = await settled(bench);
    context.say('losing the log Redis, and starting again …');
    await bench.disconnect();
    process.kill(product.pid, 'SIGINT');
    await product.exited;
    rmSync(join(dataDir, 'redis-log'), { recursive: true, force: true });
    const watch = new RecoveryWatch();
    product = await startOwnProduct(SETTINGS, dataDir);
    const replayMicros = watch.stop();
    const replaySeconds = secondsOf(product.output());
    const after = (await get<{ digest: string }>(product, 'digest')).digest;
    const eventsPerSecond = Math.round(live.events / replaySeconds);
    const ratio = Math.round((eventsPerSecond / live.eventsPerSecond) * 100) / 100;
    const isIdentical = after === before;
    return {
      live,
      replay: {
        seconds: replaySeconds,
        eventsPerSecond,
        microsPerEvent: Math.round((replayMicros / live.events) * 10) / 10,
      },
      ratio,
      isIdentical,
      bar: { ratio: BAR },
      holds: ratio >= BAR && isIdentical,
    };
  } finally {
    await product.stop();
  }
};

async function runLive({ seconds, say }: RowContext, bench: BenchProduct): Promise<Live> {
  const load = { connections: CONNECTIONS, rate: 0, agoMs: DAY_MS };
  say('warming up …');
  const warm = await bench.load({ ...load, seconds: Math.max(5, seconds / 2), seed: 41 });
  await bench.drain();
  const before = bench.cpu();
  const { accepted, seconds: sendSeconds } = await bench.load({ ...load, seconds, seed: 42 });
  const drainSeconds = await bench.drain();
  const eventsPerSecond = Math.round(accepted / (sendSeconds + drainSeconds));
  const micros = (bench.cpu().byProcess.stream ?? 0) - (before.byProcess.stream ?? 0);
  say(`live ${eventsPerSecond}/s`);
  return {
    events: warm.accepted + accepted,
    eventsPerSecond,
    streamMicrosPerEvent: Math.round((micros / accepted) * 10) / 10,
  };
}

/** The digest once nothing can change any more. */
async function settled({ product }: BenchProduct): Promise<string> {
  for (const deadline = Date.now() + SETTLE_LIMIT_MS; Date.now() < deadline; await sleep(1_000)) {
    const { provisional } = await get<{ provisional: boolean }>(product, 'totals');
    if (!provisional) return (await get<{ digest: string }>(product, 'digest')).digest;
  }
  throw new Error('the results were not final in five minutes');
}

/** What the recovery itself says it took. */
function secondsOf(output: string): number {
  const found = /The log Redis was empty: rebuilt .* in ([\d.]+) s/.exec(output);
  if (!found) throw new Error(`the start did not tell of a recovery:\n${output.slice(-800)}`);
  return Number(found[1]);
}
