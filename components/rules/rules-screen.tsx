'use client';
import { Button, Tabs } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useEffect } from 'react';
import { useTRPC } from '@/components/api';
import { useRoom } from '@/components/live/use-room';
import { useMay } from '@/components/shell/person';
import { useAddressParam } from '@/components/ui/address';
import { Icon } from '@/components/ui/icon';
import { Page } from '@/components/ui/page';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { RULES_HELP } from './help';
import { RuleList } from './rule-list';

const AudiencesTab = dynamic(() => import('./audiences-tab').then((module) => module.AudiencesTab), {
  loading: () => <SkeletonLines lines={8} />,
});
const RuleEditor = dynamic(() => import('./rule-editor').then((module) => module.RuleEditor), {
  ssr: false,
  loading: () => <SkeletonLines lines={10} />,
});

/** Hits are counted from decisions as they are archived, a moment after they are made. */
const REFRESH_MS = 5_000;
const NEW = 'new';
const RULES = 'rules';
const AUDIENCES = 'audiences';

/** Every rule with its switch and live hits, one opens into the editor; the audiences they may be for as a tab. */
export function RulesScreen() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [selected, setSelected] = useAddressParam('rule');
  const [tab, setTab] = useAddressParam('tab', RULES);
  const [audience, setAudience] = useAddressParam('audience');
  const canWrite = useMay()('rule.write');
  const { data, isError, refetch } = useQuery(
    trpc.rules.list.queryOptions(undefined, { refetchInterval: REFRESH_MS }),
  );
  const { seq } = useRoom('rules');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new sequence number is the message
  useEffect(() => {
    const timer = setTimeout(() => {
      void queries.invalidateQueries({ queryKey: trpc.rules.list.queryKey() });
      void queries.invalidateQueries({ queryKey: trpc.audiences.list.queryKey() });
    }, 500);
    return () => clearTimeout(timer);
  }, [seq, queries, trpc]);
  const open = data?.rules.find(({ id }) => id === selected);
  const editing = open !== undefined || selected === NEW;
  return (
    <Page
      title={open ? open.name : selected === NEW ? 'New rule' : 'Rules'}
      about={editing ? undefined : 'When something happens, if it matters, then what is advised'}
      help={RULES_HELP}
      actions={
        editing ? (
          <Button variant="default" onClick={() => setSelected(null)}>
            All rules
          </Button>
        ) : (
          canWrite && (
            <Button
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => (tab === AUDIENCES ? setAudience(NEW) : setSelected(NEW))}
            >
              {tab === AUDIENCES ? 'New audience' : 'New rule'}
            </Button>
          )
        )
      }
    >
      {isError && !data ? (
        <ErrorState onRetry={() => refetch()} />
      ) : !data ? (
        <SkeletonLines lines={8} />
      ) : editing ? (
        <RuleEditor
          key={open ? `${open.id} ${open.version}` : NEW}
          rule={open ?? null}
          onClose={setSelected}
        />
      ) : (
        <Tabs value={tab} onChange={setTab} keepMounted={false} aria-label="Parts of this page">
          <Tabs.List mb="md">
            <Tabs.Tab value={RULES}>Rules</Tabs.Tab>
            <Tabs.Tab value={AUDIENCES}>Audiences</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value={RULES}>
            <RuleList rules={data.rules} at={data.at} onOpen={setSelected} />
          </Tabs.Panel>
          <Tabs.Panel value={AUDIENCES}>
            <AudiencesTab selected={audience} onSelect={setAudience} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Page>
  );
}
