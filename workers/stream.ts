import { parseArgs } from 'node:util';
import { assertLogFits } from '@/server/event-log';
import { listShards } from '@/server/identity/workspaces.repository';
import { closeConnections, processDeps } from '@/server/platform/connections';
import { startArchive } from './runtime/archive-process';
import { startMetrics } from './runtime/metrics-process';
import { type ProcessContext, type RunningProcess, runProcess } from './runtime/process';
import { startMain } from './runtime/stream-process';

const GROUPS = { main: startMain, archive: startArchive, metrics: startMetrics };
type GroupName = keyof typeof GROUPS;
const GROUP_NAMES = Object.keys(GROUPS) as GroupName[];

/** Which processor groups this process runs: `--only` one of them, or all. */
function groupsOf(argv: string[]): GroupName[] {
  const { values } = parseArgs({ args: argv, options: { only: { type: 'string' } }, strict: true });
  if (values.only === undefined) return GROUP_NAMES;
  if (Object.hasOwn(GROUPS, values.only)) return [values.only as GroupName];
  throw new Error(`There is no processor group "${values.only}"; there are ${GROUP_NAMES.join(', ')}.`);
}

function groupsOrExit(): GroupName[] {
  try {
    return groupsOf(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

const names = groupsOrExit();

async function start(context: ProcessContext): Promise<RunningProcess> {
  // What one partition delivers to another must arrive in order, or the other takes it for a repetition.
  const shards = await listShards(processDeps({ resend: false }));
  await assertLogFits(
    context.env,
    shards.map(({ shardId }) => shardId),
    true,
  );
  const groups = await Promise.all(names.map((name) => GROUPS[name](context)));
  return {
    async ready() {
      await Promise.all(groups.map((group) => group.ready?.()));
    },
    async stop() {
      await Promise.all(groups.map((group) => group.stop()));
      await closeConnections();
    },
  };
}

/** Of one group alone, its own name; `stream` is the processors', with or without others beside them. */
const [alone = 'main'] = names.length === 1 ? names : [];

await runProcess({
  name: alone === 'main' ? 'stream' : alone,
  modules: names,
  ownHealthServer: true,
  start,
});
