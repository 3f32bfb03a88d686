import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 100;
const HAS_PROC = existsSync('/proc/self/stat');

/** Place in `/proc/<pid>/stat`, counted after the command's name. */
const STATE = 0;
const START_TIME = 19;

/** The command line of a running process, or null when there is none. A zombie counts as none. */
export function commandLineOf(pid: number): string | null {
  if (startedAt(pid) === null) return null;
  return HAS_PROC ? readProc(pid, 'cmdline')?.replaceAll('\0', ' ').trim() || null : fromPs(pid, 'command=');
}

/**
 * When a process began, in the system's own words. With its id this names one process for good: ids are given out
 * again, soon in a container and after a restart of the machine. Null when none runs; a zombie counts as none.
 */
export function startedAt(pid: number): string | null {
  if (!isAlive(pid)) return null;
  if (!HAS_PROC) return fromPs(pid, 'lstart=');
  const stat = readProc(pid, 'stat');
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  if (fields[STATE] === undefined || fields[STATE] === 'Z') return null;
  return `${bootId()}/${fields[START_TIME]}`;
}

/** The folder a process works in, or null where the system does not say. */
export function workingFolderOf(pid: number): string | null {
  try {
    return HAS_PROC ? readlinkSync(`/proc/${pid}/cwd`) : null;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  if (!(pid > 1)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Ends a process that is not our child, and waits until it is gone; after `graceMs` it is killed. */
export async function endForeignProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const began = startedAt(pid);
  const deadline = Date.now() + graceMs;
  let next: NodeJS.Signals | null = signal;
  while (began !== null && startedAt(pid) === began) {
    try {
      if (next) process.kill(pid, next);
    } catch {
      return;
    }
    next = Date.now() > deadline ? 'SIGKILL' : null;
    await pause(POLL_MS);
  }
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}

/** macOS and its like. */
function fromPs(pid: number, column: string): string | null {
  try {
    return (
      execFileSync('ps', ['-o', column, '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || null
    );
  } catch {
    return null;
  }
}
