import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFirings } from '@/server/alerts';
import { testWorkspace } from '@/server/identity/testing/test-identity';
import { randomId } from '@/server/platform/connections';
import type { Deps } from '@/server/platform/deps';
import { type Env, loadEnv } from '@/server/platform/env';
import { createLogger } from '@/server/platform/logger';
import { withWorkspace } from '@/server/platform/postgres';
import { JOBS_QUEUE, QUEUE_PREFIX, queueConnection } from '@/server/platform/queue';
import { createRedis } from '@/server/platform/redis';
import { testDatabase } from '@/server/platform/testing/test-database';
import { testRedis } from '@/server/platform/testing/test-redis';
import { detailedLagOf } from '@/server/scaling';
import { type BundleFile, gather } from './bundle';
import { supportSections } from './sections';
import type { StandingPorts } from './standing';
import { takeSupportBundle } from './support-bundle.service';
import { tarOf } from './tar';

/** One of each kind of thing that must not leave. */
const CANARY = {
  email: 'anna.canary@example.com',
  customer: 'canary-customer-77',
  quotedCustomer: 'CanaryByName',
  writeKey: 'mw_canarywritekey',
  apiKey: 'mk_canaryapikey',
  urlPassword: 'canaryPass/word',
  demoPassword: 'canary demo pass',
  masterKey: Buffer.alloc(32, 'canary').toString('base64'),
  address: '203.0.113.77',
  address6: '2001:db8:77::cafe',
};

const PORTS: StandingPorts = { lagOf: detailedLagOf, firingsOf: listFirings };

let dataDir: string;
let env: Env;
let deps: Deps;
let files: BundleFile[];
let north: Awaited<ReturnType<typeof testWorkspace>>;

beforeAll(async () => {
  const [database, redis] = await Promise.all([testDatabase(), testRedis()]);
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-support-'));
  const logRedis = createRedis(redis.url, { name: 'test' });
  const queueRedis = createRedis(redis.queueUrl, { name: 'test' });
  afterAll(() => {
    logRedis.disconnect();
    queueRedis.disconnect();
    rmSync(dataDir, { recursive: true });
  });
  deps = { db: database.prisma, logRedis, queueRedis, now: Date.now, newId: randomId };
  north = await testWorkspace(deps, 'north');
  await logRedis.hset('{1.1}:state', CANARY.customer, '{}');
  await logRedis.set(`card:${CANARY.customer}`, CANARY.email);
  env = loadEnv({
    DATABASE_URL: database.urls.app,
    MIGRATE_DATABASE_URL: database.urls.owner,
    REDIS_URL: redis.url,
    QUEUE_REDIS_URL: redis.queueUrl,
    MILLRACE_DATA: dataDir,
    MASTER_KEY: CANARY.masterKey,
    OTEL_EXPORTER_OTLP_ENDPOINT: `https://user:${CANARY.urlPassword}@traces.test/?key=${CANARY.apiKey}`,
    COLLECTOR_PORT: '2',
    PORT: '3',
  });
  writeFileSync(
    join(dataDir, 'demo.json'),
    JSON.stringify({ password: CANARY.demoPassword, writeKey: CANARY.writeKey, apiKey: CANARY.apiKey }),
  );
  plantInLogs();
  await plantInJobs();
  const { sections, mask } = supportSections(env, () => deps, PORTS);
  files = await gather(sections, mask);
});

function plantInLogs() {
  mkdirSync(join(dataDir, 'logs'));
  const lines: string[] = [];
  const logger = createLogger({ LOG_LEVEL: 'info' }, 'stream', { write: (line) => lines.push(line) });
  logger.info({ port: 3 }, 'health and metrics');
  logger.warn({ customer: CANARY.customer, waitMs: 12 }, `no card of ${CANARY.customer}, ${CANARY.email}`);
  logger.error({ err: new Error(`no such customer "${CANARY.quotedCustomer}" at ${CANARY.address}`) }, 'job');
  logger.error({ url: `redis://x:${CANARY.urlPassword}@h`, where: [CANARY.address6] }, 'ends');
  logger.error({ header: `Basic ${Buffer.from(`${CANARY.writeKey}:`).toString('base64')}` }, 'refused');
  writeFileSync(join(dataDir, 'logs', 'stream.log'), lines.join(''));
  const postgres = [
    '2026-11-29 15:00:00.123 UTC [77] ERROR:  duplicate key value violates unique constraint "customer_links_pkey"',
    `2026-11-29 15:00:00.123 UTC [77] DETAIL:  Key (customer)=(${CANARY.quotedCustomer}) already exists.`,
    `2026-11-29 15:00:00.123 UTC [77] STATEMENT:  SELECT '${CANARY.quotedCustomer}',`,
    `\tWHERE customer = ${CANARY.quotedCustomer}`,
  ];
  writeFileSync(join(dataDir, 'logs', 'postgres.log'), `${postgres.join('\n')}\n`);
}

async function plantInJobs() {
  const url = env.QUEUE_REDIS_URL ?? '';
  const options = { prefix: QUEUE_PREFIX };
  const queue = new Queue(JOBS_QUEUE, { ...options, connection: queueConnection(url, 'test', 'produce') });
  const worker = new Worker(
    JOBS_QUEUE,
    async () => {
      throw new Error(`not delivered to ${CANARY.email} of ${CANARY.customer}`);
    },
    { ...options, connection: queueConnection(url, 'test', 'consume') },
  );
  const failed = new Promise((resolve) => worker.once('failed', resolve));
  await queue.add('planted.fails', { customer: CANARY.quotedCustomer });
  await failed;
  await worker.close();
  await queue.close();
}

const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? 'no such part';
const whole = () => files.map(({ path, text }) => `${path}\n${text}`).join('\n');

/** Base64 of something within a longer text is one of three, by where it begins; the steady part of each. */
function encodedForms(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${' '.repeat(shift)}${text}`)
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(shift === 0 ? 0 : 4, -2);
  });
}

describe('a support bundle', () => {
  it.each(Object.entries(CANARY))('holds no %s, plain or encoded', (_, canary) => {
    for (const form of [canary, encodeURIComponent(canary), ...encodedForms(canary)]) {
      expect(whole()).not.toContain(form);
    }
    expect(whole()).not.toContain(new URL(env.DATABASE_URL ?? '').password);
  });

  it('still says what went wrong', () => {
    const log = textOf('logs/stream.log');
    expect(log).toContain('no such customer \\"[cut]\\" at [cut]');
    expect(log).toContain('"waitMs":12');
    expect(log).toMatch(/bundle\.test\.ts:\d+:\d+/);
    expect(textOf('logs/postgres.log')).toContain('unique constraint "customer_links_pkey"');
    expect(JSON.parse(textOf('jobs.json'))).toMatchObject({
      counts: { failed: 1 },
      failed: [{ name: 'planted.fails', reason: 'not delivered to [cut] of [cut]' }],
    });
  });

  it('tells of stores, sizes and lag in numbers', () => {
    const tables: { table: string; bytes: number }[] = JSON.parse(textOf('postgres/tables.json'));
    expect(tables.find(({ table }) => table === 'audit_entries')?.bytes).toBeGreaterThan(0);
    const migrations: { name: string }[] = JSON.parse(textOf('postgres/migrations.json'));
    expect(migrations.map(({ name }) => name)).toContain('0001_init');
    const [log] = JSON.parse(textOf('redis/log.json'));
    expect(log.kinds).toMatchObject({ state: { keys: 1 }, card: { keys: 1 } });
    const lag: { partition: number; lagSeconds: null }[] = JSON.parse(textOf('lag.json'));
    expect(lag).toHaveLength(16);
    expect(JSON.parse(textOf('settings.json'))).toMatchObject({ MASTER_KEY: '[cut]', PARTITIONS: 64 });
  });

  it('says of what is down why it is missing', () => {
    expect(JSON.parse(textOf('processes.json')).collector).toHaveProperty('missing');
    expect(textOf('metrics/stream.txt')).toMatch(/^This part is missing: /);
    expect(textOf('metrics/jobs.txt')).toContain('has not run on this machine');
  });

  it('waits for no part longer than its deadline', async () => {
    const { mask } = supportSections(env, () => deps, PORTS);
    const never = { file: 'never.txt', collect: () => new Promise<never>(() => undefined) };
    const late = await gather([never, { file: 'now.txt', collect: async () => 'here' }], mask, {
      deadlineMs: 20,
    });
    expect(late).toEqual([
      { path: 'never.txt', text: 'This part is missing: no answer within 0.02 s\n' },
      { path: 'now.txt', text: 'here' },
    ]);
  });

  it('is bounded, each part and all together', async () => {
    const { mask } = supportSections(env, () => deps, PORTS);
    const words = (file: string, count: number) => ({ file, collect: async () => 'word '.repeat(count) });
    const sections = [words('a.txt', 500_000), words('b.txt', 2), words('c.txt', 500)];
    const [first, second, third] = await gather(sections, mask, { mostInAll: 2_001_000 });
    expect(first?.text.length).toBeLessThan(2_000_100);
    expect(first?.text).toMatch(/\[the rest of 2500000 characters is left out\]\n$/);
    expect(second?.text).toBe('word word ');
    expect(third?.text.length).toBeLessThan(1_050);
    expect(third?.text).toMatch(/\[the rest of 2500 characters is left out\]\n$/);
  });

  it('is gone through in a time that follows its length, whatever stands in it', () => {
    const { mask } = supportSections(env, () => deps, PORTS);
    const long = 'a'.repeat(200_000);
    // Processor time: what else runs on the machine does not count. It takes a hundredth of this.
    const before = process.cpuUsage();
    for (const text of [long, `"${long}`, long.replaceAll('aaaa', 'aA1='), long.replaceAll('aa', 'a.')])
      mask.logLine(text);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(5_000);
  });

  it('is read by tar', () => {
    const archive = join(dataDir, 'b.tar');
    writeFileSync(archive, tarOf(files, 'bundle', new Date()));
    const listed = execFileSync('tar', ['-tf', archive], { encoding: 'utf8' }).trim().split('\n');
    expect(listed).toEqual(files.map(({ path }) => `bundle/${path}`));
    const out = execFileSync('tar', ['-xOf', archive, 'bundle/lag.json'], { encoding: 'utf8' });
    expect(out).toBe(textOf('lag.json'));
  });
});

describe('a bundle taken at the console', () => {
  const take = (person: { userId: string }) =>
    takeSupportBundle(deps, person, 'asked for in case 12', { env, ports: PORTS });
  const noted = (workspaceId: string) =>
    withWorkspace(deps.db, workspaceId, (tx) =>
      tx.auditEntry.findMany({ where: { workspaceId, action: 'supportBundle.taken' } }),
    );

  it('is the same archive, on record with its reason, one at a time', async () => {
    const admin = north.actor('admin');
    const [taken, second] = await Promise.allSettled([take(admin), take(admin)]);
    if (taken.status === 'rejected') throw taken.reason;
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } });
    const archive = join(dataDir, taken.value.name);
    writeFileSync(archive, Buffer.from(taken.value.base64, 'base64'));
    const folder = taken.value.name.replace('.tar.gz', '');
    const listed = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trim().split('\n');
    expect(listed).toEqual(
      ['README.txt', ...files.map(({ path }) => path)].map((path) => `${folder}/${path}`),
    );
    expect(await noted(north.workspaceId)).toMatchObject([
      { actorId: admin.userId, reason: 'asked for in case 12' },
    ]);
  });

  it('is for who administers every workspace its logs are of, and on record in each', async () => {
    const south = await testWorkspace(deps, 'south');
    const { userId } = north.actor('admin');
    await expect(take({ userId })).rejects.toMatchObject({ code: 'forbidden' });
    const { workspaceId } = south;
    const membership = { id: 'membership-of-both', workspaceId, userId };
    await withWorkspace(deps.db, workspaceId, (tx) =>
      tx.membership.create({ data: { ...membership, role: 'ops' } }),
    );
    await expect(take({ userId })).rejects.toMatchObject({ code: 'forbidden' });
    expect(await noted(workspaceId)).toEqual([]);
    await withWorkspace(deps.db, workspaceId, (tx) =>
      tx.membership.update({ where: { id: membership.id }, data: { role: 'admin' } }),
    );
    await take({ userId });
    expect(await noted(workspaceId)).toHaveLength(1);
    expect(await noted(north.workspaceId)).toHaveLength(2);
  });
});
