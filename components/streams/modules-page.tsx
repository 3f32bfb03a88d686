'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useAddressParam } from '@/components/ui/address';
import { type HelpTopic, Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { EquivalencePane } from './equivalence-pane';
import { ModuleDrawer } from './module-drawer';
import { ModuleTable } from './module-table';
import { useLagBoard } from './use-lag-board';

const EVERY_MS = 2_000;

/** The parts that are deployed apart: what runs of each, what hangs on it, and whether the next build does the same. */
export function ModulesPage() {
  const trpc = useTRPC();
  const board = useLagBoard();
  const running = useQuery({ ...trpc.modules.running.queryOptions(), refetchInterval: EVERY_MS });
  const [shown, show] = useAddressParam('module');
  const open = running.data?.modules.find(({ key }) => key === shown);
  return (
    <Page
      title="Modules"
      about="Parts that are deployed and restarted each on its own, what hangs on each, and whether the next build does the same"
      help={HELP}
    >
      <Pane title="What runs, of which build?" note="told by each process every 3 s" padded={false}>
        {running.data ? (
          <ModuleTable running={running.data} board={board} selected={shown} onOpen={show} />
        ) : running.isError ? (
          <ErrorState compact onRetry={() => running.refetch()} />
        ) : (
          <SkeletonLines lines={11} />
        )}
      </Pane>
      <EquivalencePane />
      {open && running.data && (
        <ModuleDrawer running={open} startsOverMs={running.data.startsOverMs} onClose={() => show(null)} />
      )}
    </Page>
  );
}

const HELP: readonly HelpTopic[] = [
  {
    title: 'A module',
    text: 'A part of the product with a process of its own. Each has its own offset or its own schedule, so that one can be restarted or deployed while the others go on: what it missed waits for it in the log. Only the archive goes no further than processing has committed, so that consent holds for history too. What stops and what grows old meanwhile is told when a row is opened; it follows from the edges of the topology.',
  },
  {
    title: 'The build',
    text: 'The version of the package, and twelve digits over the source that runs. Two processes with the same digits run the same source, whether it came from git or in an image. Several builds of one module are marked: a deployment is under way, or one process was forgotten.',
  },
  {
    title: 'Starts',
    text: 'How often a process of the module was started in the last hour: once for each deployment, and once for each crash. A process that has not been heard of for 7.5 seconds is silent; after 15 it is no longer listed.',
  },
  {
    title: 'Before a cut-over',
    text: 'Run “npm run equivalence” in the checkout of the version that is to be deployed, with the settings of the product that runs. It rebuilds a sample of partitions in memory, from a snapshot and what history holds after it, with the new processors, and compares customer by customer with what the running build holds at the same entry of the log. Nothing live is written. What the snapshot held already is taken as it is: only customers with events after it are recomputed.',
  },
];
