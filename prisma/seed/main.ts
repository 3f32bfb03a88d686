import { join } from 'node:path';
import { z } from 'zod';
import { partitionsProblem } from '@/server/identity/provision.service';
import { closeConnections, processDeps } from '@/server/platform/connections';
import { loadEnv } from '@/server/platform/env';
import { seedAlerts } from './alerts';
import { seedDemo } from './demo';
import { seedGovernance } from './governance';
import { readKept, writeKept } from './kept-file';
import { seedSetUpLink } from './set-up-link';
import { seedWindows } from './windows';

const seededSchema = z.object({ workspaceId: z.string() });

/** Brings the database to what a start needs. Run at every start: what is there stays as it is. */
async function seed(): Promise<void> {
  const env = loadEnv();
  const deps = processDeps();
  const problem = await partitionsProblem(deps, env.PARTITIONS);
  if (problem !== null) throw new Error(problem);
  if (env.MILLRACE_DEMO === 'off') return seedSetUpLink(deps, env);
  const ids = await seedDemo(deps, env);
  // Once done it is never done again: what people have removed since stays removed.
  const file = join(env.MILLRACE_DATA, 'seeded.json');
  if (readKept(file, seededSchema)?.workspaceId === ids.workspaceId) return;
  await seedAlerts(deps, ids);
  await seedGovernance(deps, ids);
  await seedWindows(deps, ids);
  writeKept(file, { workspaceId: ids.workspaceId });
}

try {
  await seed();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeConnections();
}
