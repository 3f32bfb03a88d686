'use client';
import { Button } from '@mantine/core';
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

const RuleEditor = dynamic(() => import('./rule-editor').then((module) => module.RuleEditor), {
  ssr: false,
  loading: () => <SkeletonLines lines={10} />,
});

/** Hits are counted from decisions as they are archived, a moment after they are made. */
const REFRESH_MS = 5_000;
const NEW = 'new';

/** Every rule with its switch and live hits; one opens into the editor. */
export function RulesScreen() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [selected, setSelected] = useAddressParam('rule');
  const canWrite = useMay()('rule.write');
  const { data, isError, refetch } = useQuery(
    trpc.rules.list.queryOptions(undefined, { refetchInterval: REFRESH_MS }),
  );
  const { seq } = useRoom('rules');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new sequence number is the message
  useEffect(() => {
    const timer = setTimeout(() => queries.invalidateQueries({ queryKey: trpc.rules.list.queryKey() }), 500);
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
            <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setSelected(NEW)}>
              New rule
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
        <RuleList rules={data.rules} at={data.at} onOpen={setSelected} />
      )}
    </Page>
  );
}
