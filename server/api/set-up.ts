import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setUp } from '@/server/identity/join.service';
import type { SetUp } from '@/server/identity/people.schema';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';

/** First run: makes administrator and workspace, and takes the printed link away. */
export async function setUpFirstRun(deps: Deps, form: SetUp): Promise<void> {
  const env = loadEnv();
  await setUp(deps, form, env.PARTITIONS);
  rmSync(join(env.MILLRACE_DATA, 'setup.json'), { force: true });
}
