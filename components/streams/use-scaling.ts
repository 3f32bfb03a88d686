'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import type { WhatIfKey } from '@/server/scaling/what-if.schema';

const MINUTE_MS = 60_000;
const HOT_EVERY_MS = 2_000;

/** Events out of order in the last day, by partition. */
export function useDisorder() {
  const trpc = useTRPC();
  return useQuery(trpc.history.disorder.queryOptions(undefined, { refetchInterval: MINUTE_MS }));
}

/** Customers behind most of the load, as this person may see them. */
export function useHotCustomers() {
  const trpc = useTRPC();
  return useQuery(
    trpc.scaling.hotCustomers.queryOptions(undefined, {
      refetchInterval: HOT_EVERY_MS,
      placeholderData: keepPreviousData,
    }),
  );
}

export function useWhatIf(partitions: number, key: WhatIfKey) {
  const trpc = useTRPC();
  return useQuery(
    trpc.scaling.whatIf.queryOptions(
      { partitions, key },
      { placeholderData: keepPreviousData, staleTime: MINUTE_MS },
    ),
  );
}

export function useRebalance(workers: number) {
  const trpc = useTRPC();
  return useQuery(
    trpc.scaling.rebalance.queryOptions(
      { workers },
      { placeholderData: keepPreviousData, refetchInterval: 10_000 },
    ),
  );
}
