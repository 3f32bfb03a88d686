import { isCluster, type Redis } from '@/server/platform/redis';
import type { CommitArguments } from './commit';

type Answer = [Error | null, unknown];

/**
 * Runs the commits of a round within MULTI: one turn of Redis' loop and one flush to disk, where of a plain pipeline every chunk
 * that arrives has its own. Each still lands or is refused by itself. The servers of a cluster get theirs in plain pipelines.
 * @returns by commit, its error or its reply
 * @throws the error of a connection that broke, or of a Redis that takes no writes
 */
export async function runCommits(redis: Redis, commits: readonly CommitArguments[]): Promise<Answer[]> {
  const pipeline = redis.pipeline();
  const isOneServer = !isCluster(redis);
  if (isOneServer) pipeline.call('MULTI');
  for (const args of commits) pipeline.evalsha(...args);
  if (isOneServer) pipeline.call('EXEC');
  const answers = (await pipeline.exec()) ?? [];
  return isOneServer ? answersWithin(answers.at(-1)) : answers;
}

function answersWithin([error, replies]: Answer = [null, null]): Answer[] {
  if (error) throw error;
  if (!Array.isArray(replies)) throw new Error('No reply to the commits of a round.');
  return replies.map((reply: unknown) => (reply instanceof Error ? [reply, null] : [null, reply]));
}
