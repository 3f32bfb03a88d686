import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { startedAt } from '@/server/platform/embedded/process-table';
import { loadEnv } from '@/server/platform/env';
import { withIdleDatabases } from './idle-databases';

const root = mkdtempSync(join(tmpdir(), 'millrace-idle-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('does nothing to the data of a product that runs, and says which process it is', async () => {
  mkdirSync(join(root, 'run'));
  writeFileSync(join(root, 'run', 'supervisor.pid'), `${process.ppid}\n${startedAt(process.ppid)}\n`);
  const work = vi.fn();
  await expect(withIdleDatabases(loadEnv({ MILLRACE_DATA: root }), work)).rejects.toThrow(
    `Millrace runs on ${root} already (process ${process.ppid}); stop it first, or set MILLRACE_DATA to another folder.`,
  );
  expect(work).not.toHaveBeenCalled();
});
