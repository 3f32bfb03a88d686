import { partitionsProblem } from '@/server/identity/provision.service';
import { closeConnections, processDeps } from '@/server/platform/connections';
import { loadEnv } from '@/server/platform/env';
import { seedAlerts } from './alerts';
import { seedDemo } from './demo';
import { seedGovernance } from './governance';
import { seedSetUpLink } from './set-up-link';

/** Brings the database to what a start needs. Run at every start: what is there stays as it is. */
async function seed(): Promise<void> {
  const env = loadEnv();
  const deps = processDeps();
  const problem = await partitionsProblem(deps, env.PARTITIONS);
  if (problem !== null) throw new Error(problem);
  if (env.MILLRACE_DEMO === 'off') return seedSetUpLink(deps, env);
  const ids = await seedDemo(deps, env);
  await seedAlerts(deps, ids);
  await seedGovernance(deps, ids);
}

try {
  await seed();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeConnections();
}
