import type { Deps } from '@/server/platform/deps';
import type { UseCaseEffect } from './use-case-effect';

/** Every open board asks for every launched card: what was read for one is shown to all. */
const KEPT_SECONDS = 15;

/** A launch's figures; those of an earlier launch are others. */
export interface LaunchKey {
  workspaceId: string;
  id: string;
  launchedAt: Date;
}

const keyOf = ({ workspaceId, id, launchedAt }: LaunchKey) =>
  `useCaseEffect:${workspaceId}:${id}:${launchedAt.getTime()}`;

/** The figures read within the last seconds; null: none. */
export async function keptEffect(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  launch: LaunchKey,
): Promise<UseCaseEffect | null> {
  const text = await queueRedis.get(keyOf(launch)).catch(() => null);
  return text === null ? null : (JSON.parse(text) as UseCaseEffect);
}

/** Never waited for: without it the next one reads again. */
export function keepEffect(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  launch: LaunchKey,
  effect: UseCaseEffect,
): void {
  void queueRedis.set(keyOf(launch), JSON.stringify(effect), 'EX', KEPT_SECONDS).catch(() => undefined);
}
