import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { takeTurn } from './build-turn';

const root = mkdtempSync(join(tmpdir(), 'millrace-build-turn-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const { signal } = new AbortController();
/** Above the highest process id that systems give out. */
const NOBODY = '2147483646';

it('lets one build at a time, whoever comes at the same moment', async () => {
  const file = join(root, 'cache', 'build.pid');
  let [building, most] = [0, 0];
  await Promise.all(
    [1, 2, 3].map(async () => {
      const release = await takeTurn(file, signal, 5);
      building += 1;
      most = Math.max(most, building);
      await Promise.resolve();
      building -= 1;
      release();
    }),
  );
  expect(most).toBe(1);
  expect(existsSync(file)).toBe(false);
});

it('takes the turn of a build that died', async () => {
  const file = join(root, 'died.pid');
  writeFileSync(file, NOBODY);
  (await takeTurn(file, signal, 5))();
  expect(existsSync(file)).toBe(false);
});

it('ends waiting when the product is stopped', async () => {
  const file = join(root, 'stopped.pid');
  writeFileSync(file, String(process.pid));
  const stopping = new AbortController();
  const waiting = takeTurn(file, stopping.signal, 5);
  stopping.abort(new Error('stopping'));
  await expect(waiting).rejects.toThrow('stopping');
});
