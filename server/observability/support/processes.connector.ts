import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Env } from '@/server/platform/env';
import { fetchOwn, type OwnDoor, ownCollector, ownConsole } from '@/server/platform/own-door';
import type { Section } from './bundle';
import { logNames } from './known-secrets';
import type { Mask } from './mask';

const TAIL_BYTES = 512 * 1024;
const TAIL_LINES = 500;
const LINES_AT_ONCE = 25;
const KINDS = ['web', 'collector', 'stream', 'archive', 'jobs', 'demo'];
/** What each worker says at its start. */
const PORT_TOLD = /"port":(\d{1,5}),"msg":"health and metrics"/g;

/** Health, readiness and figures of each process, and the end of each log. */
export function processSections(env: Env, mask: Mask): Section[] {
  const logs = logNames(env);
  return [
    { file: 'processes.json', collect: (signal) => standings(env, signal) },
    ...KINDS.map((kind) => ({
      file: `metrics/${kind}.txt`,
      collect: (signal: AbortSignal) => metricsOf(env, kind, signal),
    })),
    ...logs.map((name) => ({
      file: `logs/${name}.log`,
      collect: () => maskedTail(env, name, mask),
    })),
    ...(logs.length === 0 ? [{ file: 'logs/none.txt', collect: noLogs }] : []),
  ];
}

/** Masks a few lines at a time, so that whatever else this process does has its turn. */
async function maskedTail(env: Env, name: string, mask: Mask): Promise<string> {
  let text = '';
  for (const [place, line] of tailOf(env, name).entries()) {
    if (place % LINES_AT_ONCE === 0) await setImmediate();
    text += `${mask.logLine(line)}\n`;
  }
  return text;
}

async function noLogs(): Promise<never> {
  throw new Error('no logs are in the data folder of this machine');
}

async function standings(env: Env, signal: AbortSignal) {
  const told = await Promise.all(KINDS.map((kind) => standingOf(env, kind, signal)));
  return Object.fromEntries(KINDS.map((kind, place) => [kind, told[place]]));
}

async function standingOf(env: Env, kind: string, signal: AbortSignal) {
  try {
    const [health, ready] = await Promise.all([
      ask(env, kind, '/healthz', signal),
      ask(env, kind, '/readyz', signal),
    ]);
    return { health: health.status, ready: ready.status, detail: ready.text };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

async function metricsOf(env: Env, kind: string, signal: AbortSignal): Promise<string> {
  return (await ask(env, kind, '/metrics', signal)).text;
}

async function ask(env: Env, kind: string, path: string, signal: AbortSignal) {
  const door = doorOf(env, kind);
  return fetchOwn({ ...door, url: `${door.url}${path}` }, signal);
}

/** @throws Error for a process that never ran here */
function doorOf(env: Env, kind: string): OwnDoor {
  if (kind === 'web') return ownConsole(env);
  if (kind === 'collector') return ownCollector(env);
  const port = [...tailOf(env, kind).join('\n').matchAll(PORT_TOLD)].at(-1)?.[1] ?? firstPort(env, kind);
  return { url: `http://localhost:${port}`, certificate: undefined };
}

function firstPort(env: Env, kind: string): string {
  const text = readPart(logFile(env, kind), 'first');
  const port = [...text.matchAll(PORT_TOLD)].at(-1)?.[1];
  if (port === undefined) throw new Error(`the log of ${kind} names no port; it has not run on this machine`);
  return port;
}

const logFile = (env: Env, name: string) => join(env.MILLRACE_DATA, 'logs', `${name}.log`);

/** The last lines of a log; the first of them may be cut off. */
function tailOf(env: Env, name: string): string[] {
  return readPart(logFile(env, name), 'last').trimEnd().split('\n').slice(-TAIL_LINES);
}

function readPart(file: string, which: 'first' | 'last'): string {
  if (!existsSync(file)) return '';
  const opened = openSync(file, 'r');
  try {
    const { size } = fstatSync(opened);
    const from = which === 'last' ? Math.max(0, size - TAIL_BYTES) : 0;
    const part = Buffer.alloc(Math.min(size - from, TAIL_BYTES));
    readSync(opened, part, 0, part.length, from);
    const text = part.toString('utf8');
    // Half a line could hold half of what the mask looks for.
    return from > 0 ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    closeSync(opened);
  }
}
