/**
 * Before a cut-over: `npm run equivalence -- [--partitions N] [--workspace ID] [--seed N]`, run from the checkout of the
 * version that is to be deployed, with the settings (or MILLRACE_DATA) of the product that runs. Says whether this build
 * makes of the log what the running one made of it; ends with 0 (equivalent), 1 (differs) or 2 (not compared).
 */
import { hostname, userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { buildName } from '@/server/core/build';
import { equivalenceInput, reportEquivalence, verdictOver } from '@/server/history';
import { thisBuild } from '@/server/platform/build';
import { closeConnections, processDeps } from '@/server/platform/connections';

const CODES = { equivalent: 0, differs: 1, notCompared: 2 } as const;

function inputOrExit() {
  try {
    const { values } = parseArgs({
      options: {
        partitions: { type: 'string' },
        workspace: { type: 'string' },
        seed: { type: 'string' },
      },
      strict: true,
    });
    return equivalenceInput.parse(values);
  } catch (error) {
    console.error(error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message);
    process.exit(CODES.notCompared);
  }
}

const { partitions, workspace, seed } = inputOrExit();
try {
  const reports = await reportEquivalence(processDeps(), {
    partitions,
    seed,
    workspaceId: workspace,
    madeBy: `${userInfo().username} on ${hostname()}`,
    toVersion: buildName(await thisBuild()),
    say: (line) => console.log(line),
  });
  const verdict = verdictOver(reports);
  if (reports.length === 0) console.log('There is no such workspace.');
  console.log(`${verdict}; what was kept is shown under Streams › Modules.`);
  process.exitCode = CODES[verdict];
} catch (error) {
  console.error(`Nothing was compared: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = CODES.notCompared;
} finally {
  await closeConnections();
}
