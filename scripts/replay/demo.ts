/**
 * The demo's traffic: a year of invoices once, then shop visits and support contacts for as long as it runs, all
 * through the collector. `<data folder>/demo-rate` holds the events a second of the shop (20 when it is absent) and may
 * be changed at any time; 0 pauses.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '@/server/platform/logger';
import { ownCollector, ownConsole } from '@/server/platform/own-door';
import { type ProcessContext, type RunningProcess, runProcess } from '@/workers/runtime/process';
import { invoiceHistory } from './scenarios/invoice-history';
import { withOfflinePhones } from './scenarios/offline-phones';
import { OptOuts } from './scenarios/opt-outs';
import type { Scenario } from './scenarios/scenario';
import { shopTraffic } from './scenarios/shop-traffic';
import { supportContacts } from './scenarios/support-contacts';
import { Sender } from './sender';

const ROUND_MS = 200;
const MINUTE_MS = 60_000;
/** On the first start the last hour and a quarter is sent at once: carts left then are abandoned by now. */
const PAST_MS = 75 * MINUTE_MS;
const PAST_STEP_MS = MINUTE_MS;
const PAST_PAUSE_MS = 150;
const SAVE_EVERY_MS = 5_000;
const DEFAULT_RATE = 20;
const MAX_RATE = 5_000;
const LANES = 2;

const demoSchema = z.object({ writeKey: z.string(), apiKey: z.string() });
const progressSchema = z.object({ invoicesFrom: z.number().nullable(), sentUntil: z.number() });
type Progress = z.output<typeof progressSchema>;

interface DemoRun {
  sender: Sender;
  scenarios: Scenario[];
  optOuts: OptOuts;
  dataFolder: string;
  stopping: AbortSignal;
  logger: Logger;
}

async function start({ env, logger, stopping }: ProcessContext): Promise<RunningProcess> {
  const { writeKey, apiKey } = demoSchema.parse(
    JSON.parse(readFileSync(join(env.MILLRACE_DATA, 'demo.json'), 'utf8')),
  );
  const sender = new Sender({
    ...ownCollector(env),
    writeKey,
    lanes: LANES,
    signal: stopping,
    onPause: (reason) => logger.warn({ reason }, 'the demo waits'),
  });
  const demo = {
    sender,
    scenarios: [withOfflinePhones(shopTraffic()), supportContacts()],
    optOuts: new OptOuts({ ...ownConsole(env), apiKey, logger }),
    dataFolder: env.MILLRACE_DATA,
    stopping,
    logger,
  };
  const ended = run(demo);
  ended.catch((error: unknown) => logger.error({ err: error }, 'the demo ended'));
  return { stop: () => ended.catch(() => undefined) };
}

async function run(demo: DemoRun): Promise<void> {
  const { sender, stopping, dataFolder } = demo;
  const begin = Date.now();
  const progress = readProgress(dataFolder) ?? { invoicesFrom: begin, sentUntil: begin - PAST_MS };
  if (progress.invoicesFrom !== null) {
    writeProgress(dataFolder, progress);
    await sender.send(invoiceHistory(progress.invoicesFrom));
    if (stopping.aborted) return;
    progress.invoicesFrom = null;
  }
  progress.sentUntil = Math.max(progress.sentUntil, begin - PAST_MS);
  let savedAt = 0;
  while (!stopping.aborted) {
    const now = Date.now();
    const to = Math.min(now, progress.sentUntil + PAST_STEP_MS);
    await sendSpan(demo, progress.sentUntil, to);
    if (stopping.aborted) break;
    progress.sentUntil = to;
    if (to === now && readRate(dataFolder) > 0) await demo.optOuts.send(now);
    if (now - savedAt > SAVE_EVERY_MS) {
      writeProgress(dataFolder, progress);
      savedAt = now;
    }
    await nap(to < now ? PAST_PAUSE_MS : ROUND_MS, stopping);
  }
  writeProgress(dataFolder, progress);
}

async function sendSpan({ sender, scenarios, dataFolder }: DemoRun, from: number, to: number): Promise<void> {
  const rate = readRate(dataFolder);
  if (rate === 0) return;
  const calls = scenarios.flatMap((scenario) => scenario.between(from, to, rate));
  calls.sort((a, b) => a.at - b.at);
  await sender.send(calls.map(({ call }) => call));
}

function readRate(dataFolder: string): number {
  const file = join(dataFolder, 'demo-rate');
  if (!existsSync(file)) return DEFAULT_RATE;
  const rate = Number(readFileSync(file, 'utf8').trim());
  return rate >= 0 ? Math.min(rate, MAX_RATE) : DEFAULT_RATE;
}

const progressFile = (dataFolder: string) => join(dataFolder, 'run', 'demo-progress.json');

function readProgress(dataFolder: string): Progress | null {
  const file = progressFile(dataFolder);
  if (!existsSync(file)) return null;
  const read = progressSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return read.success ? read.data : null;
}

function writeProgress(dataFolder: string, progress: Progress): void {
  const file = progressFile(dataFolder);
  mkdirSync(join(dataFolder, 'run'), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(progress));
  renameSync(`${file}.new`, file);
}

function nap(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

await runProcess({ name: 'demo', ownHealthServer: true, start });
