import { Fault } from '@/server/core/fault';
import { maskedKey } from '@/server/core/masked-key';
import { shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { boundedKey } from './copy-text';
import {
  type AcceptedRow,
  findInLog,
  findMessage,
  findRefused,
  type MessageRows,
} from './message.repository';
import { partitionsInUse } from './stream-standing.repository';

export interface MessageAttempt {
  /** ISO 8601: when it arrived */
  at: string;
  outcome: 'accepted' | 'duplicate' | 'refused';
  sourceId: string;
  /** of a refused one */
  reason?: string;
  field?: string | null;
  detail?: string;
}

export interface MessageEffect {
  partition: number;
  position: string;
  name: string;
  /** masked; null when the customer has opted out */
  customer: string | null;
  processed: boolean;
}

export interface MessageHistory {
  messageId: string;
  attempts: MessageAttempt[];
  /** whether there are attempts beyond those told, or may be: not all that waits was looked through */
  more: boolean;
  effect: MessageEffect | null;
}

/**
 * Every attempt to deliver a message and the one effect it had; null when nothing of it is known.
 * @throws Fault `unavailable` when it may be among what waits unprocessed beyond what is looked through
 */
export async function messageHistory(
  deps: Deps,
  workspaceId: string,
  messageId: string,
): Promise<MessageHistory | null> {
  // The log first: what is archived meanwhile is then in both, and told once by its position.
  const shards = await shardsOf(deps, workspaceId);
  const waiting = await Promise.all(
    shards.map(async ({ shardId }) =>
      findInLog(deps, shardId, await partitionsInUse(deps, shardId), messageId),
    ),
  );
  const letters = await Promise.all(shards.map(({ shardId }) => findRefused(deps, shardId, messageId)));
  const known = await findMessage(deps, workspaceId, boundedKey(messageId));
  const accepted = oncePerPosition([...known.accepted, ...waiting.flatMap((rows) => rows.accepted)]);
  if (accepted.length === 0 && waiting.some(({ isWhole }) => !isWhole)) throw notKnownYet();
  const duplicates = oncePerPosition([...known.duplicates, ...waiting.flatMap((rows) => rows.duplicates)]);
  const refused = oncePerPosition([...known.refused, ...letters.flatMap((found) => found.refused)]);
  const attempts = attemptsOf({ accepted, duplicates, refused });
  if (attempts.length === 0) {
    if (letters.some(({ isWhole }) => !isWhole)) throw notKnownYet();
    return null;
  }
  const more = [known, ...waiting, ...letters].some(({ isWhole }) => !isWhole);
  const [first] = accepted;
  return { messageId, attempts, more, effect: first ? effectOf(first) : null };
}

/** In the order in which they arrived. */
function attemptsOf({ accepted, duplicates, refused }: MessageRows): MessageAttempt[] {
  return [
    ...accepted.map(({ at, sourceId }) => ({ at, outcome: 'accepted' as const, sourceId })),
    ...duplicates.map(({ at, sourceId }) => ({ at, outcome: 'duplicate' as const, sourceId })),
    ...refused.map(({ shardId: _shard, position: _position, ...rest }) => ({
      outcome: 'refused' as const,
      ...rest,
    })),
  ]
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map((attempt) => ({ ...attempt, at: attempt.at.toISOString() }));
}

function notKnownYet(): Fault {
  return new Fault(
    'unavailable',
    'More waits unprocessed than can be looked through: this message may be in it and is not known yet.',
  );
}

function effectOf({ partition, position, name, customer, processed }: AcceptedRow): MessageEffect {
  return { partition, position, name, customer: customer === null ? null : maskedKey(customer), processed };
}

function oncePerPosition<T extends { position: string; shardId?: number; partition?: number }>(
  rows: readonly T[],
): T[] {
  const placeOf = ({ shardId, partition, position }: T) => `${shardId ?? ''}/${partition ?? ''}/${position}`;
  return [...new Map(rows.map((row) => [placeOf(row), row])).values()];
}
