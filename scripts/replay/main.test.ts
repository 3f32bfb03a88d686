import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-replay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function replay(...options: string[]): { status: number | null; stderr: string } {
  const program = ['--import', 'tsx', 'scripts/replay/main.ts', ...options, '--write-key', 'mw_test'];
  return spawnSync(process.execPath, program, { encoding: 'utf8' });
}

describe('npm run replay', () => {
  it('says in one sentence which line cannot be read, and ends with 1', () => {
    const file = join(folder, 'bad.ndjson');
    writeFileSync(file, '{"type":"track"\n');
    expect(replay(file)).toMatchObject({ status: 1, stderr: 'Line 1 is not JSON.\n' });
  });

  it('shows how it is used when an option is unknown, and ends with 2', () => {
    const { status, stderr } = replay('--fast');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Unknown option '--fast'.*\nUsage: npm run replay/);
  });
});
