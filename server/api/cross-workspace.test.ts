import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { partitionOf } from '@/server/core/partition';
import { ROLES, shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { appRouter } from './root';
import { inputWith, namesThings } from './testing/candidate-inputs';
import { callProcedure, proceduresOf } from './testing/procedures';
import { fillEveryTable, MARK, NAME, rowsOf } from './testing/workspace-rows';

const procedures = proceduresOf(appRouter);
/** Calls of one role that are under way at a time: most of a call is waiting for the stores. */
const AT_ONCE = 8;
const CUSTOMER = `${NAME}-customer`;
let deps: Deps;
let south: Awaited<ReturnType<typeof testWorkspace>>;
let northId: string;
/** Every text by which something of the other workspace can be named. */
let ids: string[];
let before: Record<string, string[]>;
let redisBefore: string;

beforeAll(async () => {
  deps = await testDeps();
  const north = await testWorkspace(deps, 'north');
  south = await testWorkspace(deps, 'south');
  northId = north.workspaceId;
  const [shard] = await shardsOf(deps, northId);
  if (shard === undefined) throw new Error('no shard');
  const { userId } = north.actor('agent');
  ids = await fillEveryTable(deps, northId, { userId, shardId: shard.shardId });
  const natural = [
    'from_key',
    'to_key',
    'message_id',
    'position',
    'source_id',
    'subject',
    'actor_id',
    'rule_id',
  ];
  ids.push(CUSTOMER, userId, northId, ...natural.map((column) => `${NAME}-${column}`));
  const tag = `{${shard.shardId}.${partitionOf(CUSTOMER, shard.partitions)}}`;
  await deps.logRedis.hset(`${tag}:state`, CUSTOMER, JSON.stringify({ traits: { name: MARK } }));
  await deps.logRedis.hset(`${tag}:queue`, CUSTOMER, JSON.stringify({ reason: MARK }));
  before = await rowsOf(deps, northId);
  redisBefore = await redisOf(shard.shardId);
});

async function redisOf(shardId: number): Promise<string> {
  const keys = (await deps.logRedis.keys(`{${shardId}.*`)).sort();
  const dumps = await Promise.all(keys.map((key) => deps.logRedis.hgetall(key)));
  return JSON.stringify(keys.map((key, at) => [key, dumps[at]]));
}

/** What is sent to a procedure to get at the other workspace: each input once, however many ids make the same of it. */
function attemptsOn(schema: z.ZodType | undefined): unknown[] {
  if (schema === undefined) return [undefined];
  const inputs = ids.map((id) => inputWith(schema, id));
  return [...new Map(inputs.map((input) => [JSON.stringify(input), input])).values()];
}

/** Whether an answer says anything of the other workspace: its rows' contents, its people. */
function leaked(answer: unknown): boolean {
  const text = JSON.stringify(answer ?? null, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return text.includes(MARK) || text.includes(' of north') || text.includes('@north.test');
}

describe('two workspaces', () => {
  it('are both there: the other one has a row in every table', () => {
    const empty = Object.entries(before).filter(([, rows]) => rows.length === 0);
    expect(empty).toEqual([]);
  });

  it.each(procedures)('$path gives nothing of the other', async ({ path, inputs }) => {
    const [schema] = inputs;
    const attempts = attemptsOn(schema);
    for (const role of ROLES) {
      const call = callProcedure(path, { actor: south.actor(role), deps });
      const attempt = async (input: unknown) => {
        const answer = await call(input).catch((error: unknown) =>
          error instanceof Error ? error.message : error,
        );
        expect(leaked(answer), `${path} as ${role} with ${JSON.stringify(input)}`).toBe(false);
      };
      for (let from = 0; from < attempts.length; from += AT_ONCE)
        await Promise.all(attempts.slice(from, from + AT_ONCE).map(attempt));
    }
    // A procedure that takes a name of something must have been asked for the other's things, not just refused the form.
    if (schema !== undefined && namesThings(schema))
      expect(attempts.some((input) => schema.safeParse(input).success)).toBe(true);
  });

  it('left every row and every Redis key of the other as it was', async () => {
    expect(await rowsOf(deps, northId)).toEqual(before);
    const [shard] = await shardsOf(deps, northId);
    expect(await redisOf(shard?.shardId ?? 0)).toBe(redisBefore);
  });
});
