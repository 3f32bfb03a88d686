import { buildName } from '@/server/core/build';
import type { Deps } from '@/server/platform/deps';
import { MODULE_KEYS, type ModuleKey } from './module.schema';
import { readModules, STARTS_OVER_MS, TELL_EVERY_MS } from './module-instances.connector';

/** Silent for more than two of its rounds, a process is taken for stopped or stuck. */
const SILENT_AFTER_MS = 2.5 * TELL_EVERY_MS;

export interface RunningInstance {
  instance: string;
  /** host and process id */
  worker: string;
  /** version and build in one word */
  build: string;
  /** ms */
  startedAt: number;
  /** ms: when it was last heard of */
  at: number;
  silent: boolean;
}

export interface RunningModule {
  key: ModuleKey;
  instances: RunningInstance[];
  /** of those that are heard, each once; more than one: a mixture */
  builds: string[];
  /** within `startsOverMs` */
  starts: number;
}

export interface RunningModules {
  /** ms: when it was read */
  at: number;
  startsOverMs: number;
  modules: RunningModule[];
}

/** Every module with its processes, as these told within the last seconds. */
export async function runningModules({
  queueRedis,
  now,
}: Pick<Deps, 'queueRedis' | 'now'>): Promise<RunningModules> {
  const at = now();
  const standings = await readModules(queueRedis, at);
  const modules = MODULE_KEYS.map((key): RunningModule => {
    const instances = standings[key].instances.map(
      ({ instance, host, pid, version, build, startedAt, at: heardAt }): RunningInstance => ({
        instance,
        worker: `${host}:${pid}`,
        build: buildName({ version, id: build }),
        startedAt,
        at: heardAt,
        silent: at - heardAt > SILENT_AFTER_MS,
      }),
    );
    const heard = instances.filter(({ silent }) => !silent);
    const builds = [...new Set(heard.map(({ build }) => build))].sort();
    return { key, instances, builds, starts: standings[key].starts };
  });
  return { at, startsOverMs: STARTS_OVER_MS, modules };
}
