import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { errorOf, lastWords } from './last-words';
import type { Runs } from './supervised';

const LOG_KEEP_BYTES = 16 * 1024 * 1024;
const STOP_LIMIT_MS = 15_000;
const OUTPUT_LIMIT_MS = 500;
/** Lines of its output in which is looked for why a process ended. */
const LAST_LINES = 50;
/**
 * What a flush or a batch holds should die young: in a young generation that is larger than one of them, it does. And
 * several processes share the machine: a collector of garbage on threads of its own takes from the others more than it gives.
 */
const YOUNG_SPACE = ['--max-semi-space-size=64', '--min-semi-space-size=32', '--no-parallel-scavenge'];
/** Left to itself the old generation grows to four times what lives in it before it is collected. */
const OLD_SPACE = ['--heap-growing-percent=200'];

export interface ChildOptions {
  readonly name: string;
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly say: (line: string) => void;
  /** How long it may take until it says it is ready, in milliseconds. */
  readonly readyLimitMs: number;
}

/**
 * Starts one process of Millrace and waits until it says it is ready. It has its own process group, so that it and
 * whatever it starts can be ended together, and a channel whose end tells it that the supervisor is gone.
 */
export async function startChild(options: ChildOptions, stopping: AbortSignal): Promise<Runs> {
  const child = spawn(
    process.execPath,
    [...YOUNG_SPACE, ...OLD_SPACE, '--import', 'tsx', options.entry, ...(options.args ?? [])],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: options.env,
      detached: true,
    },
  );
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = () => stopGroup(child, exited);
  const lines = keepLog(child, options);
  const giveUp = () => void stop();
  stopping.addEventListener('abort', giveUp, { once: true });
  try {
    await becomesReady(child, exited, options, lines);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    stopping.removeEventListener('abort', giveUp);
  }
  return { pid: child.pid, exited, stop };
}

function becomesReady(
  child: ChildProcess,
  exited: Promise<void>,
  { name, logFile, readyLimitMs }: ChildOptions,
  lines: readonly string[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${name} was not ready after ${readyLimitMs / 1000} s; see ${logFile}.`)),
      readyLimitMs,
    );
    child.once('message', () => {
      clearTimeout(timer);
      resolve();
    });
    void exited.then(async () => {
      clearTimeout(timer);
      // What it wrote last may come after the word that it is gone.
      await Promise.race([once(child, 'close'), pause(OUTPUT_LIMIT_MS)]);
      reject(new Error(`${name} ended while starting: ${lastWords(lines)} (all of it in ${logFile})`));
    });
  });
}

async function stopGroup(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  }
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}

/** Output goes to a file of bounded size; what is an error is told on the terminal as well. @returns its last lines */
function keepLog(child: ChildProcess, { name, logFile, say }: ChildOptions): readonly string[] {
  const log = new BoundedLog(logFile);
  const last: string[] = [];
  const keep = (line: string) => {
    log.write(line);
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  };
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      keep(line);
      const told = errorOf(line);
      if (told) say(`${name}: ${told}`);
    });
  }
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      keep(line);
      if (line.startsWith(`${name}: `) || line.startsWith('The setting ')) say(line);
    });
  }
  child.once('close', () => log.close());
  return last;
}

class BoundedLog {
  private stream: WriteStream;
  private bytes: number;

  constructor(private readonly file: string) {
    this.bytes = existsSync(file) ? statSync(file).size : 0;
    this.stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
    this.stream.on('error', () => undefined);
  }

  write(line: string): void {
    if (this.bytes > LOG_KEEP_BYTES) this.rotate();
    this.bytes += line.length + 1;
    this.stream.write(`${line}\n`);
  }

  close(): void {
    this.stream.end();
  }

  private rotate(): void {
    this.stream.end();
    try {
      renameSync(this.file, `${this.file}.1`);
    } catch {
      // A full or vanished disk must not end the supervisor.
    }
    this.stream = createWriteStream(this.file, { flags: 'w', mode: 0o600 });
    this.stream.on('error', () => undefined);
    this.bytes = 0;
  }
}
