'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTRPC } from '@/components/api';
import { useRoom } from '@/components/live/use-room';

/** Asks again for what the page shows as soon as the room `privacy` says that something happened. */
export function PrivacyRefresh() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { seq } = useRoom('privacy');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new sequence number is the message
  useEffect(() => {
    for (const key of [
      trpc.privacy.clocks.queryKey(),
      trpc.privacy.optOuts.queryKey(),
      trpc.privacy.consent.queryKey(),
      trpc.privacy.signals.queryKey(),
      trpc.customers.reveals.queryKey(),
      trpc.dpia.list.queryKey(),
    ]) {
      void queries.invalidateQueries({ queryKey: key });
    }
  }, [seq, queries, trpc]);
  return null;
}
