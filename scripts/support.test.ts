import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-support-'));
});
afterAll(() => rmSync(dataDir, { recursive: true }));

describe('npm run support', () => {
  it('writes what can be had while every store is down, and never over something', () => {
    const archive = join(dataDir, 'all-down.tar.gz');
    const run = () =>
      spawnSync(process.execPath, ['--import', 'tsx', 'scripts/support.ts', archive], {
        encoding: 'utf8',
        env: {
          ...process.env,
          MILLRACE_DATA: dataDir,
          DATABASE_URL: 'postgresql://u:gonePassword1@127.0.0.1:1/x',
          REDIS_URL: 'redis://127.0.0.1:1',
          QUEUE_REDIS_URL: 'redis://127.0.0.1:1',
        },
      });
    const first = run();
    expect(first.stderr).toBe('');
    expect(first.stdout).toMatch(/postgres\/tables\.json/);
    const out = (path: string) =>
      execFileSync('tar', ['-xzOf', archive, `all-down/${path}`], { encoding: 'utf8' });
    // On a machine that is very busy the time is up before the refusal is heard of.
    const why = /^This part is missing: (connect ECONNREFUSED|timeout expired|no answer within)/;
    expect(out('postgres/tables.json')).toMatch(why);
    expect(out('settings.json')).toContain('postgresql://127.0.0.1:1/x');
    expect(run()).toMatchObject({ status: 1, stderr: expect.stringMatching(/is there; name a new place/) });
  });
});
