'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';

/** Names of sources by id. */
export function useSourceNames(): Map<string, string> {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.operations.sources.queryOptions(undefined, { staleTime: 30_000 }));
  return new Map(data?.map(({ id, name }) => [id, name]));
}
