import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { isBlockedPort, unblockedAfter } from './blocked-ports';

const whole = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
  const error = `must be a whole number ${range}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};
const oneOf = <const T extends readonly string[]>(names: T) =>
  z.enum(names, { error: `must be one of ${names.join(', ')}` });
const port = whole(1, 65_535).refine((value) => !isBlockedPort(value), {
  error: ({ input }) =>
    `browsers and fetch open nothing on this port; take another, such as ${unblockedAfter(Number(input))}`,
});
const count = whole(1);
const url = (...schemes: string[]) =>
  z.string().refine((value) => schemes.some((scheme) => value.startsWith(`${scheme}://`)), {
    message: `must start with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });
const database = url('postgresql', 'postgres');
const redis = url('redis', 'rediss', 'redis-cluster');

/** How much of a setting may be shown to others. */
export type Shown = 'never' | 'withoutCredentials';
const secret = <T extends z.ZodType>(schema: T): T => schema.meta({ shown: 'never' satisfies Shown });
const address = <T extends z.ZodType>(schema: T): T =>
  schema.meta({ shown: 'withoutCredentials' satisfies Shown });

/** Every setting there is, with its default. A field without a default is optional. */
export const envSchema = z.object({
  NODE_ENV: oneOf(['production', 'development', 'test']).default('production'),
  /** Console and socket.io. */
  PORT: port.default(3000),
  COLLECTOR_PORT: port.default(4000),
  /** Of a worker process, by default a free one from 9464 on; web and collector show theirs on their own port. */
  METRICS_PORT: port.optional(),
  /** Where people reach the console: the one origin sockets and forms are taken from. Default: localhost and `PORT`. */
  PUBLIC_URL: address(url('http', 'https').optional()),
  /** The application's role. */
  DATABASE_URL: address(database.optional()),
  /** The owner's role: migrations only. */
  MIGRATE_DATABASE_URL: address(database.optional()),
  /** The workers' role; by default the application's. */
  WORKER_DATABASE_URL: address(database.optional()),
  /** The bulk writer's role; by default the workers' connection, switched to the role `millrace_bulk`. */
  BULK_DATABASE_URL: address(database.optional()),
  /** Log, state, consent and epochs: AOF with fsync always. `redis-cluster://host:port,host:port` for a cluster. */
  REDIS_URL: address(redis.optional()),
  /** BullMQ and sockets: AOF everysec. */
  QUEUE_REDIS_URL: address(redis.optional()),
  EVENT_LOG: z
    .enum(['redis', 'kafka', 'kinesis', 'pulsar'], { error: 'must be redis or kafka' })
    .default('redis'),
  /** `host:port` of brokers, joined by commas. */
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s:,]+:\d+(,\s*[^\s:,]+:\d+)*$/, 'must be host:port, several joined by commas')
    .optional(),
  /** Topics are named `<prefix>.<shard>`: one of its own for each installation on the same brokers. */
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,200}$/, 'must be letters, digits, dots, dashes and underscores')
    .default('millrace'),
  /** Per shard; fixed at the first start. */
  PARTITIONS: whole(1, 4_096).default(64),
  /** How long a partition is silent before a tick fires its timers by the clock. */
  IDLE_MS: count.default(30_000),
  DEDUP_HOURS: count.default(168),
  DEDUP_MAX_BYTES: count.default(1_073_741_824),
  /** The log of all partitions together; at this size appends are refused until the readers have caught up. */
  LOG_MAX_BYTES: count.default(4_294_967_296),
  /** Time the processors' backlog may take to drain before traffic is refused, seconds; 0: never refused for that. */
  SHED_BEHIND_SECONDS: whole(0).default(180),
  /** Snapshots of the state outside Redis: where, how often by default, and how many of each partition are kept. */
  SNAPSHOT_STORE: oneOf(['folder', 's3']).default('folder'),
  /** By default `snapshots` in the data folder. */
  SNAPSHOT_FOLDER: z.string().min(1).optional(),
  SNAPSHOT_INTERVAL_MS: whole(5_000).default(300_000),
  SNAPSHOT_KEEP: count.default(2),
  S3_ENDPOINT: address(url('http', 'https').optional()),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_BUCKET: z.string().min(1).optional(),
  S3_PREFIX: z
    .string()
    .regex(/^([\w.-]+(\/[\w.-]+)*)?$/, 'must be a path without spaces')
    .default('millrace'),
  S3_ACCESS_KEY_ID: secret(z.string().min(1).optional()),
  S3_SECRET_ACCESS_KEY: secret(z.string().min(1).optional()),
  /** Within this time every customer's state is recomputed from history and compared, as far as the pace allows. */
  STATE_CHECK_PERIOD_MS: whole(10_000).default(600_000),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  MILLRACE_DATA: z.string().min(1).default('.data'),
  MILLRACE_DEMO: oneOf(['on', 'quiet', 'off']).default('on'),
  MILLRACE_DEMO_PASSWORD: secret(z.string().min(12, 'must have at least 12 characters').optional()),
  /** 32 bytes in base64; made and kept in the data folder when absent. */
  MASTER_KEY: secret(
    z
      .string()
      .refine((value) => Buffer.from(value, 'base64').length === 32, {
        message: 'must be 32 bytes in base64',
      })
      .optional(),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: address(url('http', 'https').optional()),
  /** Paths of PEM files; both or neither. */
  TLS_CERT: z.string().optional(),
  TLS_KEY: z.string().optional(),
});

export type Env = Readonly<z.output<typeof envSchema>>;

/** A setting that cannot be used. The message is one sentence that names it. */
export class SettingError extends Error {
  readonly setting: string;

  constructor(setting: string, problem: string) {
    super(`The setting ${setting} ${problem}.`);
    this.name = 'SettingError';
    this.setting = setting;
  }
}

type Source = Readonly<Record<string, string | undefined>>;

/**
 * The settings, parsed and frozen. Given no source, they come from the process, then from a file `.env`, then (the
 * addresses of embedded servers) from what a running `npm start` keeps in the data folder.
 * @throws SettingError naming the first setting that is unknown or bad
 */
export function loadEnv(source?: Source): Env {
  if (source) return parse(source);
  const own = ownSettings();
  return parse({ ...readAddresses(own.MILLRACE_DATA ?? '.data'), ...own });
}

/** The settings people have given, for who starts the embedded servers: what a killed start has kept is not among them. */
export function loadGivenEnv(): Env {
  return parse(ownSettings());
}

function ownSettings(): Record<string, string> {
  return { ...readDotEnv('.env'), ...present(process.env) };
}

/** A setting this process cannot do without. */
export function required<K extends keyof Env>(env: Env, name: K): NonNullable<Env[K]> {
  const value = env[name];
  if (value === undefined || value === null) {
    throw new SettingError(name, 'is needed here and not set; start Millrace with npm start, or set it');
  }
  return value;
}

/** The file in which `npm start` keeps the addresses of what it runs, for processes started beside it. */
export function addressesFile(dataFolder: string): string {
  return join(resolve(dataFolder), 'run', 'addresses.json');
}

function parse(source: Source): Env {
  const given = present(source);
  const unknown = Object.keys(given).find(
    (name) => name.startsWith('MILLRACE_') && !(name in envSchema.shape),
  );
  if (unknown) throw new SettingError(unknown, `is not known; known are ${knownNames().join(', ')}`);
  const result = envSchema.safeParse(given);
  if (!result.success) {
    const [issue] = result.error.issues;
    const name = String(issue?.path[0] ?? 'unknown');
    throw new SettingError(
      name,
      `is refused: ${lowerFirst(issue?.message ?? 'bad value')} (it is ${shown(name, given[name])})`,
    );
  }
  const env = result.data;
  if (Boolean(env.TLS_CERT) !== Boolean(env.TLS_KEY)) {
    throw new SettingError(
      env.TLS_CERT ? 'TLS_KEY' : 'TLS_CERT',
      'is missing: certificate and key go together',
    );
  }
  if (env.EVENT_LOG === 'kafka' && !env.KAFKA_BROKERS) {
    throw new SettingError('KAFKA_BROKERS', 'is missing: EVENT_LOG is kafka');
  }
  if (env.EVENT_LOG !== 'redis' && env.EVENT_LOG !== 'kafka') {
    throw new SettingError(
      'EVENT_LOG',
      `is ${env.EVENT_LOG}, which this version cannot use yet; set it to redis or kafka`,
    );
  }
  assertSnapshotStore(env);
  return Object.freeze(env);
}

function assertSnapshotStore(env: Env): void {
  if (env.SNAPSHOT_STORE !== 's3') return;
  for (const name of ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const) {
    if (!env[name]) throw new SettingError(name, 'is missing: SNAPSHOT_STORE is s3');
  }
}

/** An empty value counts as absent, as in most shells and compose files. */
function present(source: Source): Record<string, string> {
  return Object.fromEntries(
    Object.entries(source).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
}

function knownNames(): string[] {
  return Object.keys(envSchema.shape).filter((name) => name.startsWith('MILLRACE_'));
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Secrets and addresses with passwords are not repeated in messages. */
function shown(name: string, value: string | undefined): string {
  return howShown(name) === undefined ? JSON.stringify(value ?? null) : 'not shown here';
}

/** Undefined for a setting that anybody may see as it is. */
export function howShown(name: string): Shown | undefined {
  const schema: z.ZodType | undefined = envSchema.shape[name as keyof typeof envSchema.shape];
  return schema?.meta()?.shown as Shown | undefined;
}

function readDotEnv(file: string): Record<string, string> {
  return existsSync(file) ? present(parseEnv(readFileSync(file, 'utf8'))) : {};
}

const addressesSchema = z.record(z.string(), z.string());

function readAddresses(dataFolder: string): Record<string, string> {
  const file = addressesFile(dataFolder);
  if (!existsSync(file)) return {};
  const read = addressesSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return read.success ? read.data : {};
}
