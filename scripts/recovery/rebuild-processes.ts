import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { RebuildPartition, RebuiltCounts } from '@/server/history';

/** Beside the process itself; each holds two partitions in memory. */
const MOST_HELPERS = 3;

interface Answer {
  id: number;
  counts?: RebuiltCounts;
  error?: string;
}

interface Waiting {
  resolve(counts: RebuiltCounts): void;
  reject(error: Error): void;
}

/** Processes that rebuild partitions, one for every further processor; begun at first use. */
export class RecoveryHelpers {
  readonly #children: ChildProcess[] = [];
  #rebuilds: RebuildPartition[] | undefined;

  rebuilds(): RebuildPartition[] {
    const count = Math.min(MOST_HELPERS, availableParallelism() - 1);
    this.#rebuilds ??= Array.from({ length: count }, () => this.#start());
    return this.#rebuilds;
  }

  stop(): void {
    for (const child of this.#children) if (child.connected) child.disconnect();
  }

  #start(): RebuildPartition {
    const child = fork(new URL('../recover-helper.ts', import.meta.url), [], { execArgv: process.execArgv });
    this.#children.push(child);
    const waiting = new Map<number, Waiting>();
    let asked = 0;
    let ended: Error | undefined;
    child.on('message', ({ id, counts, error }: Answer) => {
      const one = waiting.get(id);
      waiting.delete(id);
      if (counts) one?.resolve(counts);
      else one?.reject(new Error(error ?? 'A helper of the recovery gave no answer.'));
    });
    const end = () => {
      ended = new Error('A helper of the recovery ended before it was done.');
      for (const one of waiting.values()) one.reject(ended);
      waiting.clear();
    };
    child.once('error', end);
    child.once('exit', end);
    return (shardId, archived) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        asked += 1;
        waiting.set(asked, { resolve, reject });
        child.send({ id: asked, shardId, archived });
      });
  }
}
