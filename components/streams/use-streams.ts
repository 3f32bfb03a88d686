'use client';
import { type RoomView, useRoom } from '@/components/live/use-room';
import type { StreamsSnapshot } from '@/server/scaling/streams.schema';

export type StreamsRoom = RoomView<StreamsSnapshot>;

/** The live room of the topology, pushed once a second. */
export function useStreams(): StreamsRoom {
  return useRoom<StreamsSnapshot>('streams');
}
