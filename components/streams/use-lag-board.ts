'use client';
import { type RoomView, useRoom } from '@/components/live/use-room';
import type { LagBoardRow, LagBoardSnapshot } from '@/server/scaling/lag-board.schema';

export type LagBoardView = RoomView<LagBoardSnapshot>;

/** The live room of lag, partitions and hot customers. */
export function useLagBoard(): LagBoardView {
  return useRoom<LagBoardSnapshot>('lag');
}

export type ProcessorGroup = LagBoardRow['group'];

export const GROUP_OPTIONS: { value: ProcessorGroup; label: string }[] = [
  { value: 'main', label: 'Processing' },
  { value: 'archive', label: 'Archive' },
];

export const nameOf = ({ shardId, partition }: { shardId: number; partition: number }) =>
  `${shardId}.${partition}`;

/** Why the lag of a partition is not known. */
export function unknownReason({ owner }: Pick<LagBoardRow, 'owner'>): string {
  return owner === null ? 'no live worker has been heard of' : 'its worker has been silent for over 1 s';
}
