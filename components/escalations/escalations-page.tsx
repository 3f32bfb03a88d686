'use client';
import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { useAddressParam } from '@/components/ui/address';
import { Choice } from '@/components/ui/choice';
import { DataTable } from '@/components/ui/data-table';
import { FilterBar } from '@/components/ui/filter-bar';
import { type HelpTopic, Page } from '@/components/ui/page';
import { PageLink } from '@/components/ui/page-link';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { TimeAgo } from '@/components/ui/time-ago';
import { CONTACT_CHANNELS } from '@/server/use-cases/context-standing.schema';
import { ESCALATION_COLUMNS } from './escalation-columns';
import { CHANNEL_WORDS } from './escalation-words';
import styles from './escalations-page.module.css';

const PAGE_SIZE = 100;
const SHOWN = [
  { value: 'open', label: 'Those that stand' },
  { value: 'all', label: 'All' },
] as const;

/** The register of escalations: who waited past which step of the plan, whom that was raised to, and how it ended. */
export function EscalationsPage() {
  const [shown, setShown] = useAddressParam('show', 'open');
  const [channel, setChannel] = useAddressParam('channel');
  const open = shown !== 'all';
  const list = useEscalations(
    CONTACT_CHANNELS.find((each) => each === channel),
    open,
  );
  const openCustomer = useOpenCustomer();
  const mayPlan = useMay()('workspace.write');
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page title="Escalations" about="Waits that went past a step, and how they ended." help={HELP}>
      <Pane
        title="Which waits were escalated?"
        note={
          list.isSuccess && (
            <>
              newest first, as of <TimeAgo at={list.dataUpdatedAt} /> · your look is on record
            </>
          )
        }
        padded={false}
        actions={
          <Button
            size="compact-sm"
            variant="default"
            loading={list.isRefetching}
            onClick={() => list.refetch()}
          >
            Look again
          </Button>
        }
      >
        <FilterBar>
          <Choice
            label="Shown"
            value={open ? 'open' : 'all'}
            options={SHOWN}
            onChange={(value) => setShown(value)}
          />
          <NativeSelect
            size="xs"
            aria-label="Channel"
            value={channel}
            onChange={(event) => setChannel(event.currentTarget.value || null)}
            data={[
              { value: '', label: 'Chats and calls' },
              ...CONTACT_CHANNELS.map((value) => ({ value, label: `${CHANNEL_WORDS[value]}s` })),
            ]}
          />
        </FilterBar>
        {list.isPending && <SkeletonLines lines={8} />}
        {list.isError && <ErrorState compact onRetry={() => list.refetch()} />}
        {list.isSuccess && (
          <DataTable
            label="Escalations"
            columns={ESCALATION_COLUMNS}
            rows={rows}
            rowKey={({ id }) => id}
            height={620}
            exportName="escalations"
            {...(openCustomer && {
              onOpen: ({ customer }: { customer: string | null }) =>
                customer !== null && openCustomer(customer),
            })}
            empty={
              <EmptyState
                icon="check"
                title={open ? 'No wait stands escalated' : 'Nothing was escalated'}
                compact
              >
                A chat or call comes here when nobody has taken it by a step of the plan in{' '}
                {mayPlan ? (
                  <PageLink href="/settings/workspace">Settings, Workspace</PageLink>
                ) : (
                  'Settings, Workspace'
                )}
                .{open && ' Those that were taken, or left, are under “All”.'}
              </EmptyState>
            }
          />
        )}
        {list.hasNextPage && (
          <div className={styles.more}>
            <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
              Older ones
            </Button>
          </div>
        )}
      </Pane>
    </Page>
  );
}

/** Read once for each look, since every look is on record. */
function useEscalations(channel: (typeof CONTACT_CHANNELS)[number] | undefined, open: boolean) {
  const trpc = useTRPC();
  return useInfiniteQuery(
    trpc.escalations.list.infiniteQueryOptions(
      { channel, open, limit: PAGE_SIZE },
      {
        getNextPageParam: (page) => page.cursor ?? undefined,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 0,
        refetchOnWindowFocus: false,
      },
    ),
  );
}

/** Where this person reads more of a customer: agents at the desk, those who run the streams in the stored state. */
function useOpenCustomer(): ((customer: string) => void) | null {
  const mayDo = useMay();
  const router = useRouter();
  const page = mayDo('desk.read') ? '/desk' : mayDo('state.explain') ? '/streams/state' : null;
  return page && ((customer) => router.push(`${page}?customer=${encodeURIComponent(customer)}`));
}

const HELP: readonly HelpTopic[] = [
  {
    title: 'What an escalation is',
    text: 'The plan in Settings, Workspace names up to four steps for chats and four for calls: after so many per cent of the time a customer may wait, a wait that nobody has taken is raised to the agents’ queue or to the people who supervise. Each step of a wait is raised once.',
  },
  {
    title: 'Where it shows',
    text: 'What is raised to the agents’ queue goes to its top; the line is marked “escalated”. What is raised to the supervisors stands on Operations, under “What fires now”, for as long as it lasts.',
  },
  {
    title: 'How it ends',
    text: 'Taken: an agent took the customer. If they give the customer back, it stands again. Left: the customer left before anybody took them, at the time of the event that says so. Where events came late that may be before it was raised; the line then says “left before”. Ended escalations are kept for 92 days.',
  },
  {
    title: 'When it was late',
    text: 'Waits are looked at every five seconds. After Millrace was down, whoever still waits is raised at the next look; who was taken or left meanwhile is not.',
  },
];
