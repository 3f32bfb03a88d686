import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedGovernance } from '@/prisma/seed/governance';
import { readConsentFlags } from '@/server/core/consent-flags';
import { partitionOf } from '@/server/core/partition';
import { totals } from '@/server/history/totals.service';
import { ROLES, type Role } from '@/server/identity/policy';
import {
  createCollector,
  createCollectorMetrics,
  createDeadLetterSeal,
  DebuggerFeed,
} from '@/server/ingestion';
import { createMetrics } from '@/server/platform/metrics';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { consentParity, SignalCounts, takeSignals } from '@/server/privacy';
import { consentCard } from '@/server/privacy/consent.service';
import { changeConsent } from '@/server/privacy/opt-out.service';
import { signalsSeen } from '@/server/privacy/signals/signal.service';
import { partitionKeys } from '@/server/scaling';
import { RunningStream } from './running-stream-fixture';

const WORKSPACE = 'ws_signals';
const PARTITIONS = 4;

let stream: RunningStream;
let shard: { shardId: number; partitions: number };
let http: Server;
let counts: SignalCounts;
let sent = 0;

beforeAll(async () => {
  stream = await RunningStream.open();
  shard = await stream.makeShard(WORKSPACE, PARTITIONS);
  await seedRules();
  await stream.startWorkers();
  http = createServer(collector().listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
}, 300_000);

afterAll(async () => {
  http?.closeAllConnections();
  http?.close();
  await stream?.close();
});

/** The starter rules; one of them makes members an offer, for marketing, at the checkout of a cart over 60. */
async function seedRules(): Promise<void> {
  const { db } = stream.deps;
  for (const role of ROLES) {
    await db.user.create({ data: { id: `u_${role}`, email: `${role}@test`, name: role } });
    await withWorkspace(db, WORKSPACE, (tx) =>
      tx.membership.create({ data: { id: `m_${role}`, workspaceId: WORKSPACE, userId: `u_${role}`, role } }),
    );
  }
  const people = Object.fromEntries(ROLES.map((role) => [role, `u_${role}`])) as Record<Role, string>;
  await seedGovernance(stream.deps, { workspaceId: WORKSPACE, people });
}

function collector() {
  const { queueRedis, now } = stream.deps;
  counts = new SignalCounts(queueRedis, now);
  const source = { sourceId: 'src', name: 'web', workspaceId: WORKSPACE, region: 'test', platform: null };
  return createCollector({
    log: stream.log,
    admission: { ask: () => 0, took: () => undefined },
    findSource: async () => ({ ...source, ...shard, eventsPerSec: 1_000 }),
    seal: createDeadLetterSeal(createSecretKey(randomBytes(32))).seal,
    debuggerFeed: new DebuggerFeed(queueRedis),
    signalCounts: counts,
    metrics: createCollectorMetrics(createMetrics('test')),
    now,
    secure: false,
    onError: (error) => console.error(error),
  });
}

const call = (event: string, fields: object) => ({
  type: 'track',
  event,
  messageId: randomUUID(),
  ...fields,
});

async function post(batch: readonly object[], headers: Record<string, string> = {}): Promise<void> {
  const { port } = http.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('key:')}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ batch }),
  });
  expect(response.status).toBe(200);
  sent += batch.length;
}

/** The full cart of a member that comes to the checkout, where the offer is made. */
const checkout = (keys: object, context = {}) => [
  { type: 'identify', messageId: randomUUID(), ...keys, context, traits: { plan: 'plus' } },
  call('Product Added', { ...keys, context, properties: { product_id: 'p', price: 80, quantity: 1 } }),
  call('Checkout Started', { ...keys, context }),
];

async function flagsOf(customer: string): Promise<string[]> {
  const keys = partitionKeys(shard.shardId, partitionOf(customer, PARTITIONS));
  const text = await stream.deps.logRedis.hget(keys.consent, customer);
  return text === null ? [] : readConsentFlags(text).denied;
}

/** As the job does, once a second. @returns ms until the flags are as they should be */
async function untilFlagged(customer: string, denied: readonly string[]): Promise<number> {
  const began = performance.now();
  await until(
    async () => {
      await takeSignals(stream.deps);
      return (await flagsOf(customer)).sort().join() === denied.join();
    },
    { timeoutMs: 120_000, everyMs: 50, what: `${customer} to deny [${denied.join()}]` },
  );
  return performance.now() - began;
}

/** All that was sent is processed, and what it came to is in history. */
const untilArchived = () =>
  until(async () => (await totals(stream.deps, WORKSPACE, { from: null, to: null })).events === sent, {
    timeoutMs: 120_000,
    everyMs: 100,
    what: 'all events in history',
  });

const offersTo = (customer: string) =>
  withWorkspace(stream.deps.db, WORKSPACE, (tx) =>
    tx.decision.count({ where: { workspaceId: WORKSPACE, customer, purpose: 'marketing' } }),
  );
const recordOf = (customer: string) =>
  withWorkspace(stream.deps.db, WORKSPACE, (tx) =>
    tx.consent.findUnique({ where: { workspaceId_customer: { workspaceId: WORKSPACE, customer } } }),
  );
const signalEntries = () =>
  withWorkspace(stream.deps.db, WORKSPACE, (tx) =>
    tx.auditEntry.findMany({ where: { workspaceId: WORKSPACE, action: 'customer.signalled' } }),
  );

it('refuses at once what a browser with Global Privacy Control denies, and makes it consent of record', {
  timeout: 300_000,
}, async () => {
  await post(checkout({ userId: 'freely' }));
  await post(checkout({ userId: 'signaller' }), { 'sec-gpc': '1' });
  const ms = await untilFlagged('signaller', ['marketing']);
  console.info(`flags of a signal set after ${Math.round(ms)} ms`);
  await untilArchived();
  // The offer was refused to the event that brought the signal, before the flags were set.
  expect(await offersTo('freely')).toBe(1);
  expect(await offersTo('signaller')).toBe(0);

  expect(await recordOf('signaller')).toMatchObject({ denied: [], signalled: ['marketing'], version: 1 });
  expect(await consentCard(stream.deps, WORKSPACE, 'signaller')).toMatchObject({
    denied: ['marketing'],
    words: 'Customer may not be made offers (signal: Global Privacy Control).',
    signals: [{ kind: 'gpc', denied: ['marketing'] }],
  });
  expect(await signalEntries()).toMatchObject([
    {
      actorKind: 'system',
      actorId: 'signal:gpc',
      subject: 'signaller',
      reason: 'signal: Global Privacy Control',
    },
  ]);

  await post(checkout({ userId: 'signaller' }), { 'sec-gpc': '1' });
  await untilArchived();
  await takeSignals(stream.deps);
  expect(await recordOf('signaller')).toMatchObject({ version: 1 });
  expect(await signalEntries()).toHaveLength(1);
  const [parity] = await consentParity(stream.deps);
  expect(parity).toMatchObject({ mended: 0, adopted: 0, carriedOut: 0 });
  await counts.flush();
  expect((await signalsSeen(stream.deps, WORKSPACE)).counts).toEqual([
    { kind: 'gpc', outcome: 'denies', count: 6 },
  ]);
});

it('takes a signal along to the customer that a key belongs to', { timeout: 300_000 }, async () => {
  const device = 'device-of-linked';
  await post([call('Seen', { anonymousId: device, context: { gpc: true } })]);
  await untilFlagged(device, ['marketing']);
  await post([{ type: 'identify', userId: 'linked', anonymousId: device, messageId: randomUUID() }]);
  await untilFlagged('linked', ['marketing']);
  await post(checkout({ userId: 'linked' }));
  await untilArchived();
  expect(await offersTo('linked')).toBe(0);
  expect((await consentParity(stream.deps))[0]).toMatchObject({ mended: 0, adopted: 0 });
});

it('takes back only what a signal of its kind denied, and heeds who spoke last', {
  timeout: 300_000,
}, async () => {
  const customer = 'wavering';
  const change = (optedIn: boolean) =>
    changeConsent(stream.deps, {
      workspaceId: WORKSPACE,
      customer,
      purpose: 'marketing',
      optedIn,
      reason: 'asked by telephone',
      actor: { kind: 'person', id: 'u_privacy' },
    });
  const consent = (categoryPreferences: object) => [
    call('Seen', { userId: customer, context: { consent: { categoryPreferences } } }),
  ];
  await post(consent({ Advertising: false, Personalization: false }));
  await untilFlagged(customer, ['marketing', 'personalisation']);
  await post(consent({ Advertising: true, Personalization: true }));
  await untilFlagged(customer, []);

  await change(false);
  await post(consent({ Advertising: true, Personalization: false }));
  await untilFlagged(customer, ['marketing', 'personalisation']);
  await post(consent({ Advertising: true, Personalization: true }));
  await untilFlagged(customer, ['marketing']);

  await post([call('Seen', { userId: customer })], { 'sec-gpc': '1' });
  await until(
    async () =>
      (await recordOf(customer))?.signalled.length === 1 || takeSignals(stream.deps).then(() => false),
    {
      timeoutMs: 120_000,
      what: 'the signal to be on record beside the wish',
    },
  );
  // Who allows it again is believed, until the browser says otherwise once more.
  expect((await change(true)).denied).toEqual([]);
  await post(checkout({ userId: customer }));
  await untilArchived();
  expect(await offersTo(customer)).toBe(1);
  await post([call('Seen', { userId: customer })], { 'sec-gpc': '1' });
  await untilFlagged(customer, ['marketing']);
  expect((await consentParity(stream.deps))[0]).toMatchObject({ mended: 0, adopted: 0 });
});
