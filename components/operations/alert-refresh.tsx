'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTRPC } from '@/components/api';
import { useRoom } from '@/components/live/use-room';

/** Has firings, thresholds and changes asked for again as soon as the room `alerts` says that something happened. */
export function AlertRefresh() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { seq } = useRoom('alerts');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new sequence number is the message
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: trpc.alerts.firings.queryKey() });
    void queries.invalidateQueries({ queryKey: trpc.alerts.thresholds.queryKey() });
    void queries.invalidateQueries({ queryKey: trpc.operations.changes.queryKey() });
  }, [seq, queries, trpc]);
  return null;
}
