import { READ_BOUNDS_MS, storeReads, tellReads } from '@/server/features';
import type { Deps } from '@/server/platform/deps';
import { Counter, Histogram, type MetricsRegistry } from '@/server/platform/metrics';

/** What was counted is told to the other processes, and to screens, this often. */
const TELL_EVERY_MS = 2_000;

/**
 * Follows this process's reads of the online store: as metrics of the process, and told to where screens read those of all.
 * @returns ceases to
 */
export function followStoreReads(
  registry: MetricsRegistry,
  deps: Pick<Deps, 'queueRedis' | 'now'>,
  onError: (error: unknown) => void,
): () => void {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'millrace_store_read_seconds',
    help: 'Time of a read of the online store: all customers asked for in one go, every region',
    buckets: READ_BOUNDS_MS.map((ms) => ms / 1_000),
    registers,
  });
  const lookups = new Counter({
    name: 'millrace_store_lookups',
    help: 'Customers asked for, by what was found: fresh, expired, or a miss',
    labelNames: ['outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'millrace_store_read_failures',
    help: 'Reads that the online store did not answer',
    registers,
  });
  const reads = storeReads();
  const unsubscribe = reads.onRead(({ ms, hits, misses, expired, failed }) => {
    if (failed) return failures.inc();
    seconds.observe(ms / 1_000);
    lookups.inc({ outcome: 'fresh' }, hits - expired);
    lookups.inc({ outcome: 'expired' }, expired);
    lookups.inc({ outcome: 'miss' }, misses);
  });
  const timer = setInterval(() => void tellReads(deps, reads).catch(onError), TELL_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    unsubscribe();
  };
}
