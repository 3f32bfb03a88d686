import { CONFIG_CHANNEL } from '@/server/core/config-channel';
import type { Deps } from '@/server/platform/deps';
import type { RoundView } from './round.schema';

/** Tells open boards which card changed, and the stream that rules may have started or stopped. */
export function announceBoard(
  deps: Pick<Deps, 'queueRedis' | 'now'>,
  workspaceId: string,
  card: { id: string; stage: string | null },
): void {
  const { queueRedis } = deps;
  const message = JSON.stringify({ kind: 'useCaseChanged', ...card, at: deps.now() });
  void queueRedis.publish(`board:${workspaceId}`, message).catch(() => undefined);
  const config = JSON.stringify({ workspaceId, what: 'rules' });
  void queueRedis.publish(CONFIG_CHANNEL, config).catch(() => undefined);
}

/** Tells open boards where the round of scoring is; null: there is none any more. */
export function announceRound(
  deps: Pick<Deps, 'queueRedis' | 'now'>,
  workspaceId: string,
  round: RoundView | null,
): void {
  const message = JSON.stringify({ kind: 'roundChanged', round, at: deps.now() });
  void deps.queueRedis.publish(`board:${workspaceId}`, message).catch(() => undefined);
}
