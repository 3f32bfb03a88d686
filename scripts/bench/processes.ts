import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LoadFigures, LoadOptions } from './load-options';

const TSX = ['--import', 'tsx'];

/** A TypeScript process of the bench; its standard output is kept line by line. */
export interface BenchProcess {
  child: ChildProcess;
  lines: string[];
  /** Resolves with everything printed once it has ended well. */
  ended: Promise<string>;
}

export function run(script: string, ...args: string[]): BenchProcess {
  const child = spawn(process.execPath, [...TSX, new URL(script, import.meta.url).pathname, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line !== '') lines.push(line);
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    // Not when it exits: its last words may still be on their way then.
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${script} ended with ${code}`)),
    );
  });
  // A process that is stopped on purpose ends badly; whoever awaits `ended` still hears of it.
  ended.catch(() => undefined);
  return { child, lines, ended };
}

/** The load generator at work; stopped early it has no figures. */
export const startLoad = (options: LoadOptions): BenchProcess =>
  run('./load-generator.ts', JSON.stringify(options));

/** Runs the load generator to its end. */
export async function load(options: LoadOptions): Promise<LoadFigures> {
  return JSON.parse(await startLoad(options).ended);
}

/** Resident memory of a process in bytes, from the kernel's own account; 0 when it is gone. */
export function residentBytes(pid: number): number {
  try {
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(match?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
