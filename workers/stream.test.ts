import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

describe('npm run workers', () => {
  it('says which processor groups there are when it is asked for another, and ends with 2', () => {
    for (const name of ['foo', 'toString']) {
      const program = ['--import', 'tsx', 'workers/stream.ts', '--only', name];
      expect(spawnSync(process.execPath, program, { encoding: 'utf8' })).toMatchObject({
        status: 2,
        stderr: `There is no processor group "${name}"; there are main, archive, metrics.\n`,
      });
    }
  });
});
