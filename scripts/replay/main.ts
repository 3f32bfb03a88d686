/**
 * Sends a file of events to the collector.
 *
 * Usage: npm run replay -- <file> [--speed N] [--rate N] [--write-key K] [--shift-to-now] [--loop]
 *   [--format ndjson|ibm-shop|online-retail|customers] [--collector URL]
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEnv, SettingError } from '@/server/platform/env';
import { ownCollector } from '@/server/platform/own-door';
import { extentOf, FORMATS, readCalls } from './call-file';
import { FileError } from './file-error';
import { LineError } from './line-error';
import { ProgressBar } from './progress-bar';
import type { SegmentCall, TimedCall } from './segment-call';
import { Sender, SendingError } from './sender';

const USAGE = `Usage: npm run replay -- <file> [options]
  --speed N        as fast as the events' own times say, N times over (default: as fast as it is taken)
  --rate N         at most N events a second
  --write-key K    the source's write key (default: the demo's)
  --shift-to-now   moves the times so that they end now, or with --speed or --rate begin now
  --loop           begins again at the end, with new ids, until Ctrl-C
  --format F       ${FORMATS.join(', ')} (default: by the file's name)
  --collector URL  default: http://localhost:<COLLECTOR_PORT>`;

const CHUNK = 2_000;
const LANES = 4;

interface Plan {
  file: string;
  format: (typeof FORMATS)[number];
  speed: number;
  rate: number;
  shift: boolean;
  loop: boolean;
}

class UsageError extends Error {}

function positive(text: string | undefined, name: string): number {
  if (text === undefined) return 0;
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`--${name} must be a number greater than 0.`);
  return value;
}

const OPTIONS = {
  speed: { type: 'string' },
  rate: { type: 'string' },
  'write-key': { type: 'string' },
  'shift-to-now': { type: 'boolean', default: false },
  loop: { type: 'boolean', default: false },
  format: { type: 'string' },
  collector: { type: 'string' },
} as const;

function readOptions() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function readPlan(): { plan: Plan; collector: ReturnType<typeof ownCollector>; writeKey: string } {
  const { values, positionals } = readOptions();
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new UsageError('Name one file.');
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  const env = loadEnv();
  const format = FORMATS.find((known) => known === (values.format ?? formatOf(file)));
  if (format === undefined) throw new UsageError(`--format must be one of ${FORMATS.join(', ')}.`);
  const plan = {
    file,
    format,
    speed: positive(values.speed, 'speed'),
    rate: positive(values.rate, 'rate'),
    shift: values['shift-to-now'],
    loop: values.loop,
  };
  const collector = values.collector
    ? { url: values.collector.replace(/\/$/, ''), certificate: undefined }
    : ownCollector(env);
  return { plan, collector, writeKey: values['write-key'] ?? demoKey(env.MILLRACE_DATA) };
}

function formatOf(file: string): string {
  if (/clickstream|ibm/i.test(basename(file))) return 'ibm-shop';
  if (/customers.*\.csv/i.test(basename(file))) return 'customers';
  return /retail/i.test(basename(file)) ? 'online-retail' : 'ndjson';
}

function demoKey(dataFolder: string): string {
  const file = join(dataFolder, 'demo.json');
  if (!existsSync(file)) throw new UsageError('Name the write key with --write-key: there is no demo here.');
  return (JSON.parse(readFileSync(file, 'utf8')) as { writeKey: string }).writeKey;
}

async function replay(): Promise<number> {
  const { plan, collector, writeKey } = readPlan();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const extent = await extentOf(plan.file, plan.format);
  if (extent.count === 0) throw new UsageError(`${plan.file} holds no events.`);
  const bar = new ProgressBar(plan.loop ? 0 : extent.count);
  const sender = new Sender({
    ...collector,
    writeKey,
    lanes: LANES,
    signal: stop.signal,
    onPause: (reason) => bar.note(reason),
  });
  const startedAt = Date.now();
  let sent = 0;
  for (let loop = 0; !stop.signal.aborted; loop += 1) {
    const begin = Date.now();
    const shown = shownTimes(plan, extent, begin);
    let chunk: SegmentCall[] = [];
    for await (const { at, call } of readCalls(plan.file, plan.format)) {
      if (stop.signal.aborted) break;
      const due = Math.max(dueBySpeed(plan, at - extent.first, begin), dueByRate(plan, sent, startedAt));
      if (chunk.length >= CHUNK || due > Date.now()) {
        await sender.send(chunk);
        bar.show(sent, sender.figures);
        chunk = [];
        await waitUntil(due, stop.signal);
      }
      chunk.push(placed({ at, call }, shown, plan, loop));
      sent += 1;
    }
    await sender.send(chunk);
    bar.show(sent, sender.figures);
    if (!plan.loop) break;
  }
  bar.end(sender.figures, Date.now() - startedAt);
  return sender.figures.refused > 0 ? 1 : 0;
}

type Shown = (at: number) => number | null;

/** The event times as they are sent: the file's own (null), or moved. */
function shownTimes(plan: Plan, extent: { first: number; last: number }, begin: number): Shown {
  if (!plan.shift) return () => null;
  const speed = plan.speed || 1;
  if (plan.speed > 0) return (at) => Math.round(begin + (at - extent.first) / speed);
  if (plan.rate > 0) return () => Date.now();
  return (at) => at + (begin - extent.last);
}

function placed({ at, call }: TimedCall, shown: Shown, plan: Plan, loop: number): SegmentCall {
  const moved = shown(at);
  if (moved === null && !plan.loop) return call;
  const messageId = plan.loop ? `${basename(plan.file)}:${loop}:${call.messageId}` : call.messageId;
  return { ...call, messageId, timestamp: moved === null ? call.timestamp : new Date(moved).toISOString() };
}

function dueBySpeed(plan: Plan, sinceFirst: number, begin: number): number {
  return plan.speed > 0 ? begin + sinceFirst / plan.speed : 0;
}

function dueByRate(plan: Plan, sent: number, startedAt: number): number {
  return plan.rate > 0 ? startedAt + (sent * 1_000) / plan.rate : 0;
}

async function waitUntil(due: number, signal: AbortSignal): Promise<void> {
  // Short naps, so that what is due within one is sent together and Ctrl-C is heard.
  while (!signal.aborted && Date.now() < due) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(50, Math.max(1, due - Date.now()))));
  }
}

/** Failures that their message tells enough of; anything else is an error of ours. */
const TOLD = [UsageError, SettingError, SendingError, LineError, FileError];

try {
  process.exitCode = await replay();
} catch (error) {
  if (!(error instanceof Error) || !TOLD.some((kind) => error instanceof kind)) throw error;
  console.error(error.message);
  if (error instanceof UsageError) console.error(USAGE);
  process.exitCode = error instanceof LineError || error instanceof FileError ? 1 : 2;
}
