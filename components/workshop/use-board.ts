'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { useTRPC } from '@/components/api';
import { useRoom } from '@/components/live/use-room';
import { toast, wordsOf } from '@/components/ui/toast';
import { type Move, withMove } from './workshop-data';

/** Metrics on the cards move: samples are taken every ten seconds. */
const REFRESH_MS = 10_000;

/** The board, kept up by its room and by the clock, and the one way to move a card. */
export function useBoard() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const board = useQuery(trpc.useCases.board.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const key = trpc.useCases.board.queryKey();
  const refresh = useCallback(
    () => queries.invalidateQueries({ queryKey: trpc.useCases.board.queryKey() }),
    [queries, trpc],
  );
  const { seq } = useRoom('board');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new sequence number is the message
  useEffect(() => {
    void refresh();
  }, [seq, refresh]);
  const mutation = useMutation(
    trpc.useCases.move.mutationOptions({
      // The card stands in its new place at once; a refusal puts it back and says why.
      onMutate: async (move) => {
        await queries.cancelQueries({ queryKey: key });
        const before = queries.getQueryData(key);
        queries.setQueryData(key, (old) => old && { ...old, cards: withMove(old.cards, move) });
        return { before };
      },
      onError: (error, _move, kept) => {
        queries.setQueryData(key, kept?.before);
        void toast(wordsOf(error), 'bad');
      },
      onSettled: () => refresh(),
    }),
  );
  return { board, refresh, move: (move: Move) => mutation.mutate(move), moving: mutation.isPending };
}
