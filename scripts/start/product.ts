import { existsSync } from 'node:fs';
import { assertLogFits } from '@/server/event-log';
import { type Env, loadGivenEnv, SettingError } from '@/server/platform/env';
import { withClient } from '@/server/platform/pg-client';
import { farewell, greeting } from './announcement';
import { childPlans } from './child-plans';
import { startChild } from './child-process';
import { buildConsole } from './console-build';
import { elapsedSeconds, progress, say } from './console-output';
import { DataFolder } from './data-folder';
import { type Databases, startDatabases } from './databases';
import { recoverLostState } from './recovery';
import { runSeed } from './seed';
import { assertCertificate, assertPortsFree } from './settings-check';
import { Supervised } from './supervised';

const GIVE_UP_AFTER = 5;

/** All of Millrace on one machine, from the first start of a database to the last end of a process. */
export class Product {
  private readonly owned: { stop(): Promise<void> }[] = [];
  private readonly stopping = new AbortController();
  private ending: Promise<void> | undefined;
  private starting: Promise<void> | undefined;
  private data: DataFolder | undefined;

  constructor(private readonly options: { dev: boolean }) {}

  /** Starts everything; returns when it runs, or after `fail`. */
  async run(): Promise<void> {
    this.starting = this.startAll();
    try {
      await this.starting;
    } catch (error) {
      if (!this.stopping.signal.aborted) this.fail(error);
    }
  }

  /** Stops everything, newest first, and ends this process. */
  stop(code: number): Promise<void> {
    this.ending ??= this.stopAll(code);
    return this.ending;
  }

  /** Says what went wrong in its own words, and stops. */
  fail(error: unknown): void {
    if (this.stopping.signal.aborted) return;
    say(error instanceof Error ? error.message : String(error));
    void this.stop(error instanceof SettingError ? 2 : 1);
  }

  /** A second Ctrl-C: no more patience. The databases recover from this. */
  abandon(): void {
    this.data?.register.killAll();
    process.exit(130);
  }

  private async startAll(): Promise<void> {
    const env = loadGivenEnv();
    assertCertificate(env);
    await assertLogFits(env, []);
    const data = new DataFolder(env.MILLRACE_DATA);
    data.claim();
    this.data = data;
    const left = await data.register.endLeftOvers();
    if (left.length > 0) say(`An earlier Millrace was killed; stopped what it had left: ${left.join(', ')}.`);
    await assertPortsFree(env);
    const { signal } = this.stopping;
    const onSpawn = (name: string, pid: number | undefined) => data.register.add(name, pid);
    const built = this.options.dev
      ? Promise.resolve()
      : progress('Building the console', () => buildConsole({ stopping: signal, onSpawn }));
    const prepared = this.prepare(env, data);
    // Whichever fails first is told; the other must not be left unheard.
    const [{ near }] = await Promise.all([prepared, built]);
    signal.throwIfAborted();
    await progress('Starting the processes', () => this.startChildren(env, data, near));
    signal.throwIfAborted();
    for (const line of greeting(env, data, elapsedSeconds())) say(line);
  }

  private async prepare(env: Env, data: DataFolder): Promise<Databases> {
    const { signal } = this.stopping;
    const databases = await progress('Starting Postgres and Redis', () =>
      startDatabases({
        env,
        data,
        say,
        onGiveUp: (why) => this.fail(new Error(why)),
        own: (server) => this.own(server),
      }),
    );
    signal.throwIfAborted();
    data.writeAddresses(databases.addresses);
    await assertPartitions(env, databases.addresses.MIGRATE_DATABASE_URL);
    const tool = {
      env: childEnv(databases.addresses, this.options.dev),
      stopping: signal,
      onSpawn: (name: string, pid: number | undefined) => data.register.add(name, pid),
    };
    await runSeed(tool);
    signal.throwIfAborted();
    await recoverLostState(
      { redisUrl: databases.addresses.REDIS_URL, isOwn: env.REDIS_URL === undefined },
      tool,
    );
    signal.throwIfAborted();
    await assertLogFits(env, await shardIds(databases.addresses.MIGRATE_DATABASE_URL));
    return databases;
  }

  private async startChildren(env: Env, data: DataFolder, addresses: Record<string, string>): Promise<void> {
    const base = childEnv(addresses, this.options.dev);
    for (const wave of childPlans(env)) {
      const present = wave.filter(({ entry, name }) => {
        if (existsSync(entry)) return true;
        say(`${name} is left out: ${entry} is missing.`);
        return false;
      });
      await Promise.all(
        present.map(({ name, entry, args, settings, readyLimitMs }) => {
          const logFile = data.at('logs', `${name}.log`);
          const child = new Supervised({
            name,
            say,
            giveUpAfter: GIVE_UP_AFTER,
            onGiveUp: (why) =>
              this.fail(new Error(`${why}. Millrace stops; its logs are in ${data.at('logs')}.`)),
            onStarted: ({ pid }) => data.register.add(name, pid),
            start: (stopping) =>
              startChild(
                { name, entry, args, env: { ...base, ...settings }, logFile, say, readyLimitMs },
                stopping,
              ),
          });
          this.own(child);
          return child.start();
        }),
      );
      this.stopping.signal.throwIfAborted();
    }
  }

  private own(thing: { stop(): Promise<void> }): void {
    this.stopping.signal.throwIfAborted();
    this.owned.push(thing);
  }

  private async stopAll(code: number): Promise<void> {
    this.stopping.abort(new Error('stopping'));
    const isRunning = this.owned.length > 0;
    if (isRunning) say('Stopping …');
    const databases = this.owned.filter((thing) => isDatabase(thing));
    const processes = this.owned.filter((thing) => !isDatabase(thing)).reverse();
    await Promise.all(processes.map((thing) => thing.stop().catch(() => undefined)));
    await Promise.all(databases.map((thing) => thing.stop().catch(() => undefined)));
    await this.starting?.catch(() => undefined);
    this.data?.release();
    if (isRunning) say(farewell());
    process.exit(code);
  }
}

function isDatabase(thing: { stop(): Promise<void> }): boolean {
  return thing instanceof Supervised && /^(Postgres|Redis)/.test(thing.name);
}

/** What every process of Millrace is given: this environment, where the databases are, production or not. */
function childEnv(addresses: Record<string, string>, dev: boolean): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...addresses,
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    CHECKPOINT_DISABLE: '1',
  };
}

function shardIds(ownerUrl: string): Promise<number[]> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ id: number }>('SELECT id FROM shards');
    return rows.map(({ id }) => id);
  });
}

/** Customers are never re-hashed: the number of partitions is what it was when the data was made. */
async function assertPartitions(env: Env, ownerUrl: string): Promise<void> {
  const kept = await withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ partitions: number }>('SELECT DISTINCT partitions FROM shards');
    return rows.map(({ partitions }) => partitions);
  });
  const other = kept.find((partitions) => partitions !== env.PARTITIONS);
  if (other === undefined) return;
  throw new SettingError(
    'PARTITIONS',
    `is ${env.PARTITIONS}, but the data was made with ${other}; set it to ${other}, or start on a new MILLRACE_DATA with ${env.PARTITIONS} and send the events again`,
  );
}
