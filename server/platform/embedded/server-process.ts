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

/**
 * Waits until `ready` holds.
 * @throws Error with the last lines of the server's log when it ended first or `timeoutMs` passed
 */
export async function waitForServer(
  server: ServerProcess,
  name: string,
  logFile: string,
  ready: () => Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await ready().catch(() => false))) {
    if (server.hasExited()) throw new Error(`${name} ended while starting: ${lastLines(logFile)}`);
    if (Date.now() > deadline) {
      await server.stop('SIGKILL');
      throw new Error(`${name} was not ready after ${timeoutMs / 1000} s: ${lastLines(logFile)}`);
    }
    await pause(POLL_MS);
  }
}

/** The end of a log file in one line, for error messages. */
export function lastLines(logFile: string, count = 4): string {
  if (!existsSync(logFile)) return 'it left no log';
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join(' | ');
}

/** The command line of a running process, or null when there is none (Linux, macOS). A zombie counts as none. */
export function commandLineOf(pid: number): string | null {
  if (!isAlive(pid)) return null;
  const file = `/proc/${pid}/cmdline`;
  if (!existsSync('/proc/self/cmdline')) return 'unknown';
  try {
    return readFileSync(file, 'utf8').replaceAll('\0', ' ').trim() || null;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Ends a process that is not our child, and waits until it is gone. */
export async function endForeignProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  let next: NodeJS.Signals = signal;
  while (commandLineOf(pid) !== null) {
    try {
      process.kill(pid, next);
    } catch {
      return;
    }
    if (Date.now() > deadline) next = 'SIGKILL';
    await pause(POLL_MS * 5);
  }
}
