import type { ChainableCommander, Redis } from 'ioredis';

/** What ioredis keeps of a pipeline, by its own names. */
interface PipelineFields {
  redis: Redis;
  options: Redis['options'];
  isPipeline: boolean;
  isCluster: boolean;
  replyPending: number;
  scriptsSet: object;
  addedBuiltinSet: Set<string>;
  promise: Promise<unknown>;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
  _queue: unknown[];
  _result: unknown[];
  _transactions: number;
  _shaToScript: object;
}

type WithCommands = Pick<PipelineFields, 'scriptsSet' | 'addedBuiltinSet'>;

/**
 * Gives a connection pipelines whose `length` is one accessor for all. ioredis defines it on each of them, and the engine
 * makes what belongs to an accessor among its old objects: from there it keeps the pipeline and all that went through it
 * until a full collection, however soon they were done with. That was two thirds of what the stream processors left behind.
 */
export function leanPipelines(client: Redis): void {
  const original = client.pipeline;
  const prototype = Object.create(Object.getPrototypeOf(original.call(client)), {
    length: {
      get(this: PipelineFields) {
        return this._queue.length;
      },
    },
  });
  client.pipeline = function pipeline(this: Redis, commands?: unknown[][]): ChainableCommander {
    // Commands of its own are put on every pipeline of a connection: BullMQ's have some.
    if (hasOwnCommands(this)) return original.call(this, commands);
    const made = Object.assign(Object.create(prototype), freshFields(this)) as ChainableCommander;
    if (commands) (made as unknown as { addBatch(commands: unknown[][]): void }).addBatch(commands);
    return made;
  };
}

function hasOwnCommands(client: Redis): boolean {
  const { scriptsSet, addedBuiltinSet } = client as unknown as WithCommands;
  return addedBuiltinSet.size > 0 || Object.keys(scriptsSet).length > 0;
}

function freshFields(redis: Redis): PipelineFields {
  return {
    redis,
    options: redis.options,
    isPipeline: true,
    isCluster: false,
    replyPending: 0,
    scriptsSet: {},
    addedBuiltinSet: new Set(),
    _queue: [],
    _result: [],
    _transactions: 0,
    _shaToScript: {},
    ...Promise.withResolvers<unknown>(),
  };
}
