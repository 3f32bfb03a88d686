import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../bench/event-maker';

const BATCH = 20;
const PRODUCERS = 4;
const CUSTOMERS = 2_000;
const REQUEST_DEADLINE_MS = 5_000;
const RETRY_PAUSE_MS = 200;
const NAMES = [
  'Product Viewed',
  'Product Viewed',
  'Product Added',
  'Product Added',
  'Product Removed',
  'Checkout Started',
  'Order Completed',
];

export interface Target {
  collectorUrl: string;
  writeKey: string;
}

/** The workspaces that traffic goes to, a batch to each in turn. */
export interface Targets {
  collectorUrl: string;
  /** one for each workspace */
  writeKeys: readonly string[];
}

/** Posts a batch. @returns the status, or 0 when there was no answer */
export async function postBatch(target: Target, calls: readonly object[]): Promise<number> {
  const response = await fetch(`${target.collectorUrl}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${target.writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch: calls }),
    signal: AbortSignal.timeout(REQUEST_DEADLINE_MS),
  }).catch(() => undefined);
  const status = response?.status ?? 0;
  // An answer that did not arrive whole is no answer.
  const isWhole = await response?.arrayBuffer().then(
    () => true,
    () => false,
  );
  return isWhole ? status : 0;
}

/** Steady traffic whose every event can be made again from its number: what was sent need not be kept. */
export class ChaosTraffic {
  readonly prefix: string;
  acknowledged = 0;
  retried = 0;
  /** what the batches that were sent again had been answered, 0: nothing → how often */
  readonly answers = new Map<number, number>();
  /** longest time a batch took from its first attempt to its acknowledgement, ms */
  longestMs = 0;
  readonly #seed: number;
  readonly #targets: Targets;
  readonly #rate: number;
  readonly #sentOnce: number;
  /** batch → ms of event time */
  readonly #madeAt: number[] = [];
  /** batches that were sent once and got no 200 */
  readonly #unacknowledged = new Set<number>();
  #stopping = false;

  /**
   * @param options.sentOnce part of the batches that are sent once and never again, whatever the answer: such a client
   *   may lose, but not double
   */
  constructor(targets: Targets, options: { seed: number; rate: number; sentOnce: number }) {
    this.#targets = targets;
    this.#seed = options.seed;
    this.#rate = options.rate;
    this.#sentOnce = options.sentOnce;
    this.prefix = `chaos-${options.seed}-`;
  }

  /** Sends at the given rate until told to stop; then every batch has its answer. May be called again. */
  async run(): Promise<void> {
    this.#stopping = false;
    const began = Date.now();
    const paceMs = (BATCH * 1_000) / this.#rate;
    let turns = 0;
    const produce = async () => {
      while (!this.#stopping) {
        const waitMs = began + turns * paceMs - Date.now();
        turns += 1;
        if (waitMs > 0) await pause(waitMs);
        if (!this.#stopping) await this.#send(this.#madeAt.push(Date.now()) - 1);
      }
    };
    await Promise.all(Array.from({ length: PRODUCERS }, produce));
  }

  stop(): void {
    this.#stopping = true;
  }

  /** Ids of all events that got their acknowledgement. */
  *acknowledgedIds(): Generator<string> {
    for (const batch of this.#madeAt.keys()) {
      if (this.#unacknowledged.has(batch)) continue;
      for (let at = 0; at < BATCH; at += 1) yield `${this.prefix}${batch * BATCH + at}`;
    }
  }

  /** The workspace that an event was sent to, counted from 0. */
  workspaceOf(messageId: string): number {
    return Math.floor(this.#numberOf(messageId) / BATCH) % this.#targets.writeKeys.length;
  }

  #numberOf(messageId: string): number {
    return Number(messageId.slice(this.prefix.length));
  }

  /** The very call that was sent under this id. */
  callOf(messageId: string): object {
    const number = this.#numberOf(messageId);
    const madeAt = this.#madeAt[Math.floor(number / BATCH)];
    if (madeAt === undefined) throw new Error(`${messageId} was never sent.`);
    return callOf(this.#seed, number, messageId, madeAt + (number % BATCH));
  }

  async #send(batch: number): Promise<void> {
    const began = Date.now();
    const calls = Array.from({ length: BATCH }, (_, at) =>
      this.callOf(`${this.prefix}${batch * BATCH + at}`),
    );
    const { collectorUrl, writeKeys } = this.#targets;
    const target = { collectorUrl, writeKey: writeKeys[batch % writeKeys.length] ?? '' };
    const isSentOnce = seededRandom(this.#seed * 31 + batch)() < this.#sentOnce;
    for (;;) {
      const status = await postBatch(target, calls);
      if (status === 200) break;
      if (status >= 400 && status < 429) throw new Error(`Events were refused with ${status}.`);
      if (isSentOnce) {
        this.#unacknowledged.add(batch);
        return;
      }
      this.retried += 1;
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      await pause(RETRY_PAUSE_MS);
    }
    this.acknowledged += BATCH;
    this.longestMs = Math.max(this.longestMs, Date.now() - began);
  }
}

/** A shop's mix; some visitors are anonymous until an `identify` links them, each to one person. */
function callOf(seed: number, number: number, messageId: string, at: number): object {
  const random = seededRandom(seed * 7_919 + number);
  const person = Math.floor(CUSTOMERS * random() ** 2);
  const timestamp = new Date(at).toISOString();
  const draw = random();
  const anonymousId = `anonymous-${person}`;
  const userId = `user-${person}`;
  if (draw < 0.03) return { type: 'identify', messageId, timestamp, userId, anonymousId };
  const name = NAMES[Math.floor(random() * NAMES.length)];
  const price = (1 + Math.floor(random() * 9_999)) / 100;
  return {
    type: 'track',
    event: name,
    messageId,
    timestamp,
    ...(draw < 0.3 ? { anonymousId } : { userId }),
    properties: {
      product_id: `sku-${Math.floor(random() * 9)}`,
      price,
      quantity: 1 + Math.floor(random() * 3),
      total: price,
      order_id: `order-${number}`,
      currency: 'USD',
    },
  };
}
