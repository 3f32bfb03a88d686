import type { Deps } from '@/server/platform/deps';

/** What is known of whether the stored states are what their events make them. */
export interface StateHealth {
  /** customers whose stored value differs */
  divergent: number;
  /** when that was looked at last, ms */
  at: number;
}

const keyOf = (workspaceId: string) => `state-health:${workspaceId}`;

export async function tellStateHealth(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceId: string,
  health: StateHealth,
): Promise<void> {
  await queueRedis.set(keyOf(workspaceId), JSON.stringify(health));
}

/** Null: nobody has looked yet. */
export async function readStateHealth(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceId: string,
): Promise<StateHealth | null> {
  const text = await queueRedis.get(keyOf(workspaceId));
  return text === null ? null : (JSON.parse(text) as StateHealth);
}
