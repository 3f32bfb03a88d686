import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const LOG_KEEP_BYTES = 16 * 1024 * 1024;
const POLL_MS = 40;

/** A database server run as a child: alone in its process group, its output in a file. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  readonly hasExited: () => boolean;
  /** Asks it to stop with `signal`, and kills it after `graceMs`. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<void>;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly options?: SpawnOptions;
}

/**
 * Starts the program. Its own process group keeps a Ctrl-C in the terminal from reaching a database before
 * those that still write to it; output goes to a file because a pipe would die with this process.
 */
export function startServerProcess({ command, args, logFile, options }: ServerCommand): ServerProcess {
  if (existsSync(logFile) && statSync(logFile).size > LOG_KEEP_BYTES) rmSync(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  return {
    pid: child.pid ?? -1,
    exited,
    hasExited: () => ended,
    stop: (signal = 'SIGTERM', graceMs = 15_000) => stopChild(child, exited, signal, graceMs),
  };
}

async function stopChild(
  child: ChildProcess,
  exited: Promise<void>,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}

export interface ServerWait {
  /** As it is called in messages. */
  readonly name: string;
  readonly logFile: string;
  readonly ready: () => Promise<boolean>;
  readonly timeoutMs: number;
  /** Ends the waiting, and the server. */
  readonly stopping?: AbortSignal | undefined;
}

/**
 * Waits until `ready` holds.
 * @throws Error with the last lines of the server's log when it ended first or `timeoutMs` passed
 */
export async function waitForServer(server: ServerProcess, wait: ServerWait): Promise<void> {
  const { name, logFile, ready, timeoutMs, stopping } = wait;
  const deadline = Date.now() + timeoutMs;
  // Who listens on its port in its place may never answer: that must not hide that the server has ended.
  const ended = server.exited.then(() => false);
  while (!(await Promise.race([ready().catch(() => false), ended]))) {
    if (server.hasExited()) throw new Error(`${name} ended while starting: ${lastLines(logFile)}`);
    if (stopping?.aborted) {
      await server.stop('SIGINT');
      throw new Error(`${name} was stopped while starting.`);
    }
    if (Date.now() > deadline) {
      await server.stop('SIGKILL');
      throw new Error(`${name} was not ready after ${timeoutMs / 1000} s: ${lastLines(logFile)}`);
    }
    await pause(POLL_MS);
  }
}

/** The end of a log file in one line, for error messages. */
function lastLines(logFile: string, count = 4): string {
  if (!existsSync(logFile)) return 'it left no log';
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join(' | ');
}
