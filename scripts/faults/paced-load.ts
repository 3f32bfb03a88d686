import { randomBytes } from 'node:crypto';
import { partitionOf } from '@/server/core/partition';
import { sleep } from '../bench/processes';
import type { OwnProduct } from '../own-product';

/** The event that a costly rule reads. */
export const NOTE = 'Note Written';
const TICK_MS = 100;
const TEXT_BYTES = 250;
const CUSTOMERS = 400;
/** Eight letters for a byte: text that no two events share. */
const LETTERS = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(2).padStart(8, '0').replaceAll('0', 'a').replaceAll('1', 'b'),
);

const note = (userId: string) => ({
  type: 'track',
  userId,
  event: NOTE,
  messageId: crypto.randomUUID(),
  timestamp: new Date().toISOString(),
  properties: { text: Array.from(randomBytes(TEXT_BYTES), (byte) => LETTERS[byte]).join('') },
});

/** Sends until it is acknowledged: what is sent again is recognised by its id. */
async function post(product: OwnProduct, batch: object[]): Promise<void> {
  for (;;) {
    const response = await postOnce(product, batch).catch(() => undefined);
    if (response?.ok) return;
    await sleep(TICK_MS);
  }
}

function postOnce(product: OwnProduct, batch: object[]): Promise<Response> {
  return fetch(`${product.collectorUrl}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${product.keys.writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch }),
    signal: AbortSignal.timeout(5_000),
  });
}

/** Customers of many partitions, but none of the probe's. */
export function customersBeside(probe: string, partitions: number): string[] {
  const taken = partitionOf(probe, partitions);
  return Array.from({ length: CUSTOMERS }, (_, i) => `customer-${i}`).filter(
    (customer) => partitionOf(customer, partitions) !== taken,
  );
}

/** Sends notes at a rate that can be changed, until it is stopped. */
export class PacedLoad {
  perSecond = 0;
  /** all go to this customer, but for what `perSecond` says */
  hot: { customer: string; perSecond: number } | null = null;
  #stopped = false;
  readonly #running: Promise<void>;

  constructor(
    private readonly product: OwnProduct,
    private readonly customers: readonly string[],
  ) {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const owed = { spread: 0, hot: 0 };
    let turn = 0;
    for (let due = Date.now(); !this.#stopped; due += TICK_MS) {
      await sleep(Math.max(0, due - Date.now()));
      owed.spread += (this.perSecond * TICK_MS) / 1_000;
      owed.hot += ((this.hot?.perSecond ?? 0) * TICK_MS) / 1_000;
      const batch: object[] = [];
      for (; owed.spread >= 1; owed.spread -= 1) {
        batch.push(note(this.customers[turn % this.customers.length] ?? ''));
        turn += 1;
      }
      for (; owed.hot >= 1; owed.hot -= 1) batch.push(note(this.hot?.customer ?? ''));
      if (batch.length > 0) await post(this.product, batch);
    }
  }
}

/** One customer with a partition of its own, whose every event is noted when it was acknowledged: the truth about lag. */
export class Probe {
  readonly #acknowledged: number[] = [];
  #stopped = false;
  readonly #running: Promise<void>;

  constructor(
    private readonly product: OwnProduct,
    readonly customer: string,
    private readonly everyMs = 200,
  ) {
    this.#running = this.#run();
  }

  /** Age at that time of the oldest acknowledged event when so many of them are done, s. */
  lagAt(at: number, done: number): number {
    const oldest = this.#acknowledged[done];
    return oldest === undefined || oldest > at ? 0 : (at - oldest) / 1_000;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let due = Date.now(); !this.#stopped; due += this.everyMs) {
      await sleep(Math.max(0, due - Date.now()));
      await post(this.product, [{ ...note(this.customer), event: 'Page Seen', properties: {} }]);
      this.#acknowledged.push(Date.now());
    }
  }
}
