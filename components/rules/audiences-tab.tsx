'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTRPC } from '@/components/api';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { AudienceList } from './audience-list';

const AudienceEditor = dynamic(() => import('./audience-editor').then((module) => module.AudienceEditor), {
  ssr: false,
});

/** Others change audiences, and the rules that are for them, too. */
const REFRESH_MS = 15_000;

interface AudiencesTabProps {
  /** id of the one that is open; `new`: one that is not saved yet; empty: none */
  selected: string;
  onSelect: (id: string | null) => void;
}

/** The audiences of the workspace, one of them open beside the list. */
export function AudiencesTab({ selected, onSelect }: AudiencesTabProps) {
  const trpc = useTRPC();
  const { data, isError, refetch } = useQuery(
    trpc.audiences.list.queryOptions(undefined, { refetchInterval: REFRESH_MS }),
  );
  const open = data?.find(({ id }) => id === selected);
  if (isError && !data) return <ErrorState onRetry={() => refetch()} />;
  if (!data) return <SkeletonLines lines={8} />;
  return (
    <>
      <AudienceList audiences={data} onOpen={onSelect} />
      {(open || selected === 'new') && (
        <AudienceEditor
          key={open ? `${open.id} ${open.version}` : 'new'}
          audience={open ?? null}
          onClose={() => onSelect(null)}
        />
      )}
    </>
  );
}
