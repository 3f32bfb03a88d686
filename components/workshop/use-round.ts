'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTRPC } from '@/components/api';
import { serverNow, useRoom } from '@/components/live/use-room';
import type { FeedData } from '@/server/live/live.schema';
import type { RoundView } from '@/server/use-cases/round.schema';

interface BoardMessage {
  kind: string;
  at: number;
  round?: RoundView | null;
}

/** All browsers ask within this time after the end: the first has the scores shown, all are told by the room. */
const SPREAD_MS = 250;

/**
 * The round of scoring that goes on, as the board's room tells it: every step reaches all browsers in the same push,
 * the reveal with its scores included.
 */
export function useRound() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const key = trpc.rounds.get.queryKey();
  const query = useQuery(trpc.rounds.get.queryOptions());
  const { data } = useRoom<FeedData<BoardMessage>>('board');
  const told = data?.items.findLast(({ kind }) => kind === 'roundChanged');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `told` is the message
  useEffect(() => {
    if (told?.round === undefined) return;
    const { round, at } = told;
    queries.setQueryData(key, (held) => {
      if (!held) return held;
      if (at < held.now) return held;
      const isSameTurn = round?.id === held.round?.id && round?.turn === held.round?.turn;
      return { round, now: at, mine: isSameTurn ? held.mine : null };
    });
  }, [told]);
  const { refetch } = query;
  const round = query.data?.round ?? null;
  const [endsAt, phase] = [round?.endsAt, round?.phase];
  useEffect(() => {
    if (endsAt === undefined || phase !== 'open') return;
    const timer = setTimeout(
      () => void refetch(),
      Math.max(0, endsAt - serverNow()) + 30 + Math.random() * SPREAD_MS,
    );
    return () => clearTimeout(timer);
  }, [endsAt, phase, refetch]);
  return { round, mine: query.data?.mine ?? null, refresh: refetch };
}
