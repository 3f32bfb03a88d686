'use client';
import { useCallback, useSyncExternalStore } from 'react';
import { usePerson } from '@/components/shell/person';
import type { Topic } from '@/server/identity/policy';
import { useLiveProblem } from './connection';
import { liveClient, type RoomHeld } from './live-client';

/** What a component is told of a room. */
export interface RoomView<T> {
  /** null until the first snapshot */
  data: T | null;
  /** ms: time of the newest data in it */
  at: number | null;
  /** the data can no longer be taken for now */
  stale: boolean;
  /** why it is stale or refused */
  reason: string | null;
  seq: number;
  status: RoomHeld['status'];
}

/** A topic of the workspace, or one customer of it. */
export type RoomKey = Exclude<Topic, 'customer'> | `customer:${string}`;

const NONE: RoomHeld = { data: null, at: null, seq: 0, status: 'joining', reason: null };

/**
 * Joins a room of the workspace while the component is on the page: `useRoom<OperationsData>('operations')`,
 * `useRoom<CustomerRoomData>('customer:U1')`; null joins none. The data is kept up by the server, without polling.
 */
export function useRoom<T>(key: RoomKey | null): RoomView<T> {
  const { workspaceId } = usePerson();
  const name = key === null ? null : `ws:${workspaceId}:${key}`;
  const subscribe = useCallback(
    (listener: () => void) => (name === null ? () => undefined : liveClient().subscribe(name, listener)),
    [name],
  );
  const held = useSyncExternalStore(
    subscribe,
    () => (name === null ? NONE : liveClient().held(name)),
    () => NONE,
  );
  const problem = useLiveProblem();
  return {
    data: held.data as T | null,
    at: held.at,
    stale: problem !== null,
    reason: held.reason ?? problem,
    seq: held.seq,
    status: held.status,
  };
}

/** The server's time now: waits and ages are counted by the server's clock, not the viewer's. */
export function serverNow(): number {
  return liveClient().serverNow();
}
