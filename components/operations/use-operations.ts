'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { type RoomView, useRoom } from '@/components/live/use-room';
import { useNow } from '@/components/ui/shared-clock';
import type { TimeRange } from '@/components/ui/time-range';
import type { MetricKey } from '@/server/observability/metric-catalogue';
import type { OperationsSnapshot } from '@/server/observability/operations.schema';

/** Metrics whose usual band is drawn. */
export const BAND_METRICS: MetricKey[] = [
  'eventsPerSecond',
  'lagSeconds',
  'errorsPerMinute',
  'cartsAbandoned',
  'abandonmentRate',
];

export type OperationsRoom = RoomView<OperationsSnapshot>;

/** The live room of this screen. While the page is paused, what was there when it was paused stands still. */
export function useOperations(live: boolean): OperationsRoom {
  const room = useRoom<OperationsSnapshot>('operations');
  const [held, setHeld] = useState<OperationsRoom | null>(null);
  if (live && held !== null) setHeld(null);
  if (!live && held === null && room.data !== null) setHeld(room);
  return live ? room : { ...(held ?? room), stale: true, reason: 'paused' };
}

/**
 * The snapshot once a second: tables and pictures need no more, and what gets the same object need not be drawn again.
 */
export function useEachSecond(data: OperationsSnapshot | null): OperationsSnapshot | null {
  const [kept, setKept] = useState(data);
  const moved = data !== null && (kept === null || Math.abs(data.computedAt - kept.computedAt) >= 950);
  if (moved) setKept(data);
  return moved ? data : kept;
}

const BANDS_EVERY_MS = 5 * 60_000;

/** What is usual for metrics, at most six, at this hour. */
export function useUsual(metrics: MetricKey[] = BAND_METRICS) {
  const trpc = useTRPC();
  return useQuery(
    trpc.operations.usual.queryOptions(
      { metrics },
      { staleTime: BANDS_EVERY_MS, refetchInterval: BANDS_EVERY_MS },
    ),
  ).data;
}

/** History of metrics over the page's range; asked again every ten seconds while it is live. */
export function useHistory(range: TimeRange, metrics: MetricKey[]) {
  const trpc = useTRPC();
  // Steps of ten seconds keep the question the same between samples, so that it is asked once for each.
  const [from, to] = [floorTo(range.from, 10_000), floorTo(range.to, 10_000) + 10_000];
  return useQuery(
    trpc.operations.history.queryOptions(
      { metrics, from, to, points: 500 },
      {
        placeholderData: keepPreviousData,
        staleTime: range.live ? 10_000 : Number.POSITIVE_INFINITY,
        enabled: to > 10_000,
      },
    ),
  );
}

const floorTo = (at: number, step: number) => Math.floor(at / step) * step;

/** Firings that overlap the range; `AlertRefresh` has them asked for as soon as one starts or ends. */
export function useFirings(range: TimeRange) {
  const trpc = useTRPC();
  const to = floorTo(range.to, 60_000) + 60_000;
  const from = floorTo(Math.min(range.from, range.to - 3_600_000), 60_000);
  return useQuery(
    trpc.alerts.firings.queryOptions(
      { from: Math.max(0, from), to, limit: 100 },
      { placeholderData: keepPreviousData, refetchInterval: 15_000, enabled: from > 0 },
    ),
  );
}

export function useThresholds() {
  const trpc = useTRPC();
  return useQuery(trpc.alerts.thresholds.queryOptions(undefined, { refetchInterval: 60_000 }));
}

/** The present minute, for lists of "the last hour". */
export function useMinute(): number {
  return useNow(60_000);
}
