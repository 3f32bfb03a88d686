import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from '@/server/platform/embedded/ports';
import { startedAt } from '@/server/platform/embedded/process-table';
import type { OwnProduct } from '../own-product';

const BATCH = 10;
const EVERY_MS = 100;
const REQUEST_DEADLINE_MS = 5_000;

const runningSchema = z.array(z.object({ name: z.string(), pid: z.number(), began: z.string() }));
export type Running = z.output<typeof runningSchema>[number];

/** What the supervisor of this data folder says it has started and still runs. */
export function runningOf(dataDir: string): Running[] {
  const kept = runningSchema.parse(JSON.parse(readFileSync(join(dataDir, 'run', 'processes.json'), 'utf8')));
  return kept.filter(({ pid, began }) => startedAt(pid) === began);
}

/** A hundred events a second, each batch sent until it is acknowledged, as a client library would. */
export class SteadyTraffic {
  private acknowledged = 0;
  private stopping = false;
  private readonly done: Promise<void>;

  constructor(private readonly product: OwnProduct) {
    this.done = this.run();
    this.done.catch(() => undefined);
  }

  /** Ends it; settles with the number of events acknowledged. */
  async stop(): Promise<number> {
    this.stopping = true;
    await this.done;
    return this.acknowledged;
  }

  private async run(): Promise<void> {
    for (let round = 0; !this.stopping; round += 1) {
      await this.send(round);
      await pause(EVERY_MS);
    }
  }

  private async send(round: number): Promise<void> {
    const { collectorUrl, keys } = this.product;
    const batch = Array.from({ length: BATCH }, (_, index) => ({
      type: 'track',
      event: 'Product Viewed',
      userId: `supervised-${(round * BATCH + index) % 500}`,
      messageId: `supervised-${round}-${index}`,
      timestamp: new Date().toISOString(),
    }));
    const body = JSON.stringify({ batch });
    for (;;) {
      const answer = await fetch(`${collectorUrl}/v1/batch`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`${keys.writeKey}:`).toString('base64')}`,
        },
        body,
        signal: AbortSignal.timeout(REQUEST_DEADLINE_MS),
      }).catch(() => undefined);
      if (answer?.status === 200) break;
      if (answer && answer.status < 429) throw new Error(`events were refused: ${await answer.text()}`);
      await pause(EVERY_MS);
    }
    this.acknowledged += BATCH;
  }
}

/**
 * Starts a product that cannot run, and gives back its last word.
 * @throws Error when it ends well, does not say `expected`, or shows a stack
 */
export async function refusalOf(
  dataDir: string,
  expected: string,
  settings: Record<string, string> = {},
): Promise<string> {
  const child = spawn('node', ['scripts/start.mjs'], {
    env: {
      ...process.env,
      MILLRACE_DATA: dataDir,
      PORT: String(await freePort()),
      COLLECTOR_PORT: String(await freePort()),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const line = text.split('\n').find((candidate) => candidate.includes(expected));
  if (!code || !line || /\n\s+at /.test(text))
    throw new Error(`it ended with ${code} and said: ${text.trim()}`);
  return line;
}
