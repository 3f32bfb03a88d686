import type { Deps } from '@/server/platform/deps';

/**
 * Tells whoever looks at the customer that what is contested changed. Not waited for: the contest stands without it, and a
 * room that missed it reads contests again when its connection is back.
 */
export function announceContest(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceId: string,
  customer: string,
): void {
  void queueRedis.publish(`contests:${workspaceId}`, JSON.stringify({ customer })).catch(() => undefined);
}
