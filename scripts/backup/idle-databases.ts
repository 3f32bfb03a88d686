import type { Env } from '@/server/platform/env';
import { progress, say } from '../start/console-output';
import { DataFolder } from '../start/data-folder';
import { startDatabases } from '../start/databases';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The databases of a data folder that no product has: those it embeds are started, and stopped when the work is done.
 * Until then no product starts on the folder. A signal to end ends them, and with them the work.
 * @throws Error in one sentence when a product runs on the folder
 */
export async function withIdleDatabases<T>(env: Env, work: (env: Env) => Promise<T>): Promise<T> {
  const data = new DataFolder(env.MILLRACE_DATA);
  data.claim();
  const servers: { stop(): Promise<void> }[] = [];
  const stopAll = async () => void (await Promise.allSettled(servers.map((server) => server.stop())));
  const ended = new AbortController();
  const end = (signal: string) => {
    ended.abort(new Error(`Ended from outside (${signal}).`));
    void stopAll();
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    await data.register.endLeftOvers();
    const own = (server: { stop(): Promise<void> }) => {
      ended.signal.throwIfAborted();
      servers.push(server);
    };
    const { addresses } = await progress('Starting Postgres and Redis', () =>
      startDatabases({ env, data, say, onGiveUp: say, own }),
    );
    ended.signal.throwIfAborted();
    return await work({ ...env, ...addresses });
  } catch (error) {
    // Whatever else went wrong then did so because the databases were ended.
    throw ended.signal.reason ?? error;
  } finally {
    await stopAll();
    for (const signal of SIGNALS) process.off(signal, end);
    data.release();
  }
}
