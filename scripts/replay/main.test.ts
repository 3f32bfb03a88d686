import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-replay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function replay(...options: string[]): { status: number | null; stdout: string; stderr: string } {
  const program = ['--import', 'tsx', 'scripts/replay/main.ts', ...options, '--write-key', 'mw_test'];
  return spawnSync(process.execPath, program, { encoding: 'utf8' });
}

describe('npm run replay', () => {
  it('says in one sentence which line cannot be read, and ends with 1', () => {
    const file = join(folder, 'bad.ndjson');
    writeFileSync(file, '{"type":"track"\n');
    expect(replay(file)).toMatchObject({ status: 1, stderr: 'Line 1 is not JSON.\n' });
  });

  const calls = gzipSync('{"type":"track","userId":"u","event":"Seen","messageId":"1"}\n'.repeat(20_000));
  const changed = (at: number) => calls.with(at, ~(calls[at] ?? 0));
  it.each([
    ['is cut short', calls.subarray(0, calls.length / 2), /^\S+ is damaged: it ends too early\.\n$/],
    [
      'is not what was packed',
      changed(calls.length - 8),
      /^\S+ is damaged: it cannot be unpacked \(.*\)\.\n$/,
    ],
    // What comes out may be wrong text before it is no gzip any more.
    [
      'is damaged inside',
      changed(Math.floor(calls.length / 2)),
      /^(Line \d+ is not JSON|\S+ is damaged: .*)\.\n$/,
    ],
    [
      'is no gzip',
      Buffer.from('{"type":"track"}\n'),
      /^\S+ is damaged: it is no gzip, as its name says\.\n$/,
    ],
  ])('says in one sentence that a packed file %s, and ends with 1', (_name, bytes, sentence) => {
    const file = join(folder, 'packed.ndjson.gz');
    writeFileSync(file, bytes);
    const { status, stderr } = replay(file);
    expect(stderr).toMatch(sentence);
    expect(status).toBe(1);
  });

  it('says in one sentence that a file cannot be read, and ends with 1', () => {
    const { status, stderr } = replay(folder);
    expect(stderr).toMatch(/^\S+ cannot be read: it is a folder\.\n$/);
    expect(status).toBe(1);
  });

  it('shows how it is used when asked to, and ends with 0', () => {
    const usage = expect.stringMatching(/^Usage: npm run replay/);
    expect(replay('--help')).toMatchObject({ status: 0, stdout: usage, stderr: '' });
  });

  it('shows how it is used when an option is unknown, and ends with 2', () => {
    const { status, stderr } = replay('--fast');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Unknown option '--fast'.*\nUsage: npm run replay/);
  });
});
