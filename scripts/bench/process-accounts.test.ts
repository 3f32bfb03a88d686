import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { accountsBelow, cpuMicros, privateBytes, readAccount } from './process-accounts';

const stat = (pid: number, command: string, parent: number, times: string) =>
  `${pid} (${command}) S ${parent} 1 1 0 -1 4194560 2210 0 0 0 ${times} 20 0 1 0 100 200 300`;

describe('accounts of processes', () => {
  it('sums what a process and its ended children used', () => {
    expect(readAccount(stat(42, 'redis-server', 7, '10 20 300 4000'))).toEqual({
      pid: 42,
      parent: 7,
      ticks: 4_330,
    });
  });

  it('is not led astray by brackets and blanks in a command', () => {
    expect(readAccount(stat(42, 'tmux: (1) x', 7, '1 2 3 4'))).toEqual({ pid: 42, parent: 7, ticks: 10 });
  });

  it('takes no half account for one', () => {
    expect(readAccount('')).toBeNull();
    expect(readAccount('42 (node) S 7 1')).toBeNull();
  });

  it('finds a process and all below it, and nobody else', () => {
    const all = [
      { pid: 1, parent: 0, ticks: 1 },
      { pid: 2, parent: 1, ticks: 2 },
      { pid: 3, parent: 2, ticks: 4 },
      { pid: 4, parent: 3, ticks: 8 },
      { pid: 5, parent: 1, ticks: 16 },
    ];
    expect(accountsBelow(2, all).map(({ pid }) => pid)).toEqual([2, 3, 4]);
    expect(cpuMicros(2, all)).toBe(140_000);
    expect(accountsBelow(9, all)).toEqual([]);
  });

  it('counts a child that has ended', () => {
    const before = cpuMicros(process.pid);
    spawnSync(process.execPath, ['-e', 'for (const end = Date.now() + 300; Date.now() < end; );']);
    expect(cpuMicros(process.pid) - before).toBeGreaterThan(0);
    expect(privateBytes(process.pid)).toBeGreaterThan(1_000_000);
  });
});
