import type { Logger } from '@/server/platform/logger';
import type { OwnDoor } from '@/server/platform/own-door';
import { post } from '../post';
import { percentOf } from './people';
import { shopperKey } from './shop-traffic';

const EVERY_MS = 3 * 60_000;
const DEADLINE_MS = 5_000;
const SETTLE_MS = 45_000;
const REASONS = ['asked on the phone', 'link in a message', 'preference centre'];

export interface OptOutDoor extends OwnDoor {
  apiKey: string;
  logger: Logger;
}

/** Now and then a customer wants no more marketing, told by another program over REST as a preference centre would. */
export class OptOuts {
  #door: OptOutDoor;
  #lastNumber: number | null = null;
  #since: number | null = null;

  constructor(door: OptOutDoor) {
    this.#door = door;
  }

  /** Sends what has come due since the last call; `now` in ms. The first goes out when the traffic has settled. */
  async send(now: number): Promise<void> {
    this.#since ??= now;
    if (now - this.#since < SETTLE_MS) return;
    const number = Math.floor(now / EVERY_MS);
    if (number === this.#lastNumber) return;
    this.#lastNumber = number;
    const { url, certificate, apiKey, logger } = this.#door;
    const customer = shopperKey(percentOf(String(number), 'opts out') * 7, number);
    const reason = REASONS[number % REASONS.length];
    await post({
      url: `${url}/api/v1/opt-outs`,
      certificate,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ customer, purpose: 'marketing', reason })),
      deadlineMs: DEADLINE_MS,
    })
      .then(({ status }) => {
        if (status >= 400) logger.warn({ status }, 'the demo’s opt-out was refused');
      })
      .catch((error: unknown) => logger.warn({ err: error }, 'the demo’s opt-out was not sent'));
  }
}
