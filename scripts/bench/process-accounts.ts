import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts time for programs in hundredths of a second, on every architecture (USER_HZ). */
const TICK_MICROS = 10_000;

/** A process as the kernel accounts for it. */
export interface ProcessAccount {
  pid: number;
  parent: number;
  /** processor time of itself and of children that have ended and were waited for, in ticks */
  ticks: number;
}

/** Reads the text of `/proc/<pid>/stat`; null for what is none. The command in it may hold blanks and brackets. */
export function readAccount(stat: string): ProcessAccount | null {
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const pid = Number.parseInt(stat, 10);
  // After the command: state, parent, … utime, stime, cutime and cstime are the 14th to 17th of all.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  if (close < 0 || fields.length < 15 || Number.isNaN(pid) || Number.isNaN(ticks)) return null;
  return { pid, parent: Number(fields[1]), ticks };
}

/** The process and all below it. Those that ended are in their parents' accounts. */
export function accountsBelow(root: number, all: readonly ProcessAccount[]): ProcessAccount[] {
  const children = Map.groupBy(all, ({ parent }) => parent);
  const found = all.filter(({ pid }) => pid === root);
  for (let at = 0; at < found.length; at += 1) found.push(...(children.get(found[at]?.pid ?? -1) ?? []));
  return found;
}

/** Every process there is. One that ends while they are read is left out. */
export function allAccounts(): ProcessAccount[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    return readAccount(readOrNothing(`/proc/${name}/stat`)) ?? [];
  });
}

/** Processor time that a process and all below it have used since they began, µs. */
export function cpuMicros(root: number, all: readonly ProcessAccount[] = allAccounts()): number {
  return accountsBelow(root, all).reduce((sum, { ticks }) => sum + ticks, 0) * TICK_MICROS;
}

/** Private memory of a process and all below it, bytes: no files, and nothing that several share is counted twice. */
export function privateBytes(root: number): number {
  return accountsBelow(root, allAccounts()).reduce((sum, { pid }) => sum + anonymousBytes(pid), 0);
}

function anonymousBytes(pid: number): number {
  const match = /^Pss_Anon:\s+(\d+) kB/m.exec(readOrNothing(`/proc/${pid}/smaps_rollup`));
  return Number(match?.[1] ?? 0) * 1_024;
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
