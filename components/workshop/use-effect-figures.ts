'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import type { Card } from './workshop-data';

/** An hour of outcomes moves slowly; every card asks for itself. */
const REFRESH_MS = 30_000;

/** What a launched use case does against its holdout. Not asked for before the launch. */
export function useEffectFigures(card: Card) {
  const trpc = useTRPC();
  return useQuery(
    trpc.useCases.effect.queryOptions(
      { id: card.id },
      {
        enabled: card.launchedAt !== null,
        refetchInterval: REFRESH_MS,
        staleTime: REFRESH_MS / 2,
      },
    ),
  );
}
