import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildName } from '@/server/core/build';
import { readBuild } from './build';

const roots: string[] = [];

/** A checkout with one processor. */
function checkout(processor: string): string {
  const root = mkdtempSync(join(tmpdir(), 'millrace-build-'));
  roots.push(root);
  mkdirSync(join(root, 'server', 'processors'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"version":"1.2.3"}');
  writeFileSync(join(root, 'server', 'processors', 'visits.ts'), processor);
  return root;
}

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

describe('the build of a checkout', () => {
  it('is the same wherever the same source lies, and another once a file changed', async () => {
    const [here, there, changed] = [checkout('gap'), checkout('gap'), checkout('other gap')];
    const build = await readBuild(here);
    expect(build).toMatchObject({ version: '1.2.3', id: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(await readBuild(there)).toEqual(build);
    expect((await readBuild(changed)).id).not.toBe(build.id);
    expect(buildName(build)).toBe(`1.2.3+${build.id}`);
  });

  it('is not changed by what does not run', async () => {
    const root = checkout('gap');
    const build = await readBuild(root);
    writeFileSync(join(root, 'server', 'processors', 'visits.test.ts'), 'it()');
    writeFileSync(join(root, 'server', 'README.md'), 'words');
    expect(await readBuild(root)).toEqual(build);
  });
});
