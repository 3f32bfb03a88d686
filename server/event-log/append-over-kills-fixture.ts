import { until } from '@/server/platform/until';
import type { EventLog } from './event-log';
import { event } from './event-log.conformance';

const PRODUCERS = 3;
const PER_FLUSH = 20;
const KILLS = 2;
/** For a server that starts on a busy machine, and clients that find it again, ms. */
const PATIENCE_MS = 120_000;

/** What it is killed with and started again by. */
interface Killable {
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/**
 * Producers that send again whatever was not acknowledged, to a log whose server is killed twice meanwhile.
 * @returns ids of the events that were acknowledged
 */
export async function appendOverKills(log: EventLog, shardId: number, server: Killable): Promise<string[]> {
  const acknowledged: string[] = [];
  let isSending = true;
  let isGivenUp = false;
  const produce = async (producer: number) => {
    for (let round = 0; isSending; round += 1) {
      const ids = Array.from({ length: PER_FLUSH }, (_, i) => `kill-${producer}-${round}-${i}`);
      const events = ids.map((id) => event(id, `customer-${id.length}`));
      const flush = { shardId, events, deadLetters: [] };
      while (!isGivenUp && !(await log.append(flush).catch(() => null)));
      acknowledged.push(...ids);
    }
  };
  const taken = (count: number) => {
    const enough = acknowledged.length + count;
    const what = `${count} events more to be acknowledged`;
    return until(() => acknowledged.length > enough, { timeoutMs: PATIENCE_MS, what });
  };
  const producers = Array.from({ length: PRODUCERS }, (_, producer) => produce(producer));
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      await taken(200);
      await server.kill();
      await server.restart();
    }
    await taken(100);
  } catch (error) {
    isGivenUp = true;
    throw error;
  } finally {
    isSending = false;
    await Promise.all(producers);
  }
  return acknowledged;
}
