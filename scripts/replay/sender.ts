import { gzipSync } from 'node:zlib';
import { hash32 } from '@/server/core/partition';
import type { DoorAnswer } from '@/server/platform/own-door';
import { post } from './post';
import { customerOf, type SegmentCall } from './segment-call';

const BATCH = 100;
const MAX_BATCH_BYTES = 400_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const REQUEST_DEADLINE_MS = 15_000;

export interface SenderOptions {
  /** Address of the collector. */
  url: string;
  writeKey: string;
  /** PEM of the collector's own certificate, when only that is to be trusted. */
  certificate?: string | undefined;
  /** Requests at the same time; a customer's calls always go one after the other. */
  lanes: number;
  /** Ends waiting and retrying. */
  signal?: AbortSignal;
  /** Told when the collector cannot take events for the moment, and why. */
  onPause?: (reason: string) => void;
}

export interface SentFigures {
  accepted: number;
  refused: number;
  retried: number;
  /** the first reason for which an event was refused */
  firstRefusal?: string;
}

interface RefusedCall {
  reason: string;
  field?: string;
  detail?: string;
}

/** The collector does not know the key, or is no collector: sending again would not help. */
export class SendingError extends Error {}

/** Sends calls in batches, again with the same ids until they are taken. */
export class Sender {
  readonly figures: SentFigures = { accepted: 0, refused: 0, retried: 0 };
  readonly #options: SenderOptions;
  readonly #authorization: string;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#authorization = `Basic ${Buffer.from(`${options.writeKey}:`).toString('base64')}`;
  }

  /** Resolves when every call was answered for good. */
  async send(calls: readonly SegmentCall[]): Promise<void> {
    const lanes = new Map<number, SegmentCall[]>();
    for (const call of calls) {
      const lane = hash32(customerOf(call)) % this.#options.lanes;
      const queue = lanes.get(lane);
      if (queue) queue.push(call);
      else lanes.set(lane, [call]);
    }
    await Promise.all([...lanes.values()].map((queue) => this.#sendInOrder(queue)));
  }

  async #sendInOrder(calls: readonly SegmentCall[]): Promise<void> {
    let batch: string[] = [];
    let bytes = 0;
    for (const call of calls) {
      const text = JSON.stringify(call);
      if (batch.length >= BATCH || bytes + text.length > MAX_BATCH_BYTES) {
        await this.#sendUntilTaken(batch);
        [batch, bytes] = [[], 0];
      }
      batch.push(text);
      bytes += text.length;
    }
    if (batch.length > 0) await this.#sendUntilTaken(batch);
  }

  async #sendUntilTaken(batch: readonly string[]): Promise<void> {
    const body = gzipSync(`{"batch":[${batch.join(',')}]}`, { level: 1 });
    for (let pauseMs = FIRST_PAUSE_MS; !this.#options.signal?.aborted; pauseMs *= 2) {
      const answer = await this.#post(body);
      if (answer.done) {
        this.#count(answer.body, batch.length);
        return;
      }
      this.figures.retried += 1;
      this.#options.onPause?.(answer.reason);
      await this.#pause(Math.max(answer.retryAfterMs, Math.min(pauseMs, LONGEST_PAUSE_MS)));
    }
  }

  async #post(
    body: Buffer,
  ): Promise<{ done: true; body: string } | { done: false; reason: string; retryAfterMs: number }> {
    let answer: DoorAnswer;
    try {
      answer = await post({
        url: `${this.#options.url}/v1/batch`,
        headers: {
          authorization: this.#authorization,
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        },
        body,
        deadlineMs: REQUEST_DEADLINE_MS,
        certificate: this.#options.certificate,
      });
    } catch {
      return { done: false, reason: 'the collector does not answer', retryAfterMs: 0 };
    }
    const { status, retryAfterMs, text } = answer;
    if (status === 401) throw new SendingError('The collector does not know this write key.');
    if (status === 200 || status === 400) return { done: true, body: text };
    if (status === 429 || status >= 500)
      return { done: false, reason: `the collector answers ${status}`, retryAfterMs };
    throw new SendingError(`The collector answers ${status}: ${text.slice(0, 200)}`);
  }

  #count(body: string, sent: number): void {
    const answer = JSON.parse(body) as { accepted?: number; refused?: RefusedCall[] };
    const accepted = answer.accepted ?? 0;
    this.figures.accepted += accepted;
    this.figures.refused += sent - accepted;
    const first = answer.refused?.[0];
    if (first) this.figures.firstRefusal ??= told(first);
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#options;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function told({ reason, field, detail = '' }: RefusedCall): string {
  return field ? `${reason}: ${field}: ${detail}` : `${reason}: ${detail}`;
}
