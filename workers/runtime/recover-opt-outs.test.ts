import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import type { CustomerEvent } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { recoverState } from '@/server/history';
import { folderStore } from '@/server/history/snapshots/folder-store.connector';
import { snapshotCodec } from '@/server/history/snapshots/snapshot-codec.connector';
import type { Deps } from '@/server/platform/deps';
import { until } from '@/server/platform/until';
import { changeConsent } from '@/server/privacy/opt-out.service';
import { partitionKeys } from '@/server/scaling';
import type { ConsentFlags } from '@/server/streaming/partition-step';
import { RunningStream } from './running-stream-fixture';
import { sendTraffic } from './traffic-fixture';

const PARTITIONS = 4;
const WORKSPACE = 'ws_opt_outs';
const NOON = Date.UTC(2026, 2, 1, 12);

let stream: RunningStream;
let deps: Deps;
let shard: { shardId: number; partitions: number };
let sent = 0;
const root = mkdtempSync(join(tmpdir(), 'millrace-opt-outs-'));

beforeAll(async () => {
  stream = await RunningStream.open();
  deps = stream.deps;
  shard = await stream.makeShard(WORKSPACE, PARTITIONS);
});

afterAll(async () => {
  await stream?.close();
  rmSync(root, { recursive: true, force: true });
});

/** Sends events one by one, and waits until all there are have reached history. */
async function send(pairs: readonly (readonly [customer: string, link?: string])[]): Promise<void> {
  for (const [c, l] of pairs) {
    sent += 1;
    const more: Partial<CustomerEvent> = { t: NOON + sent * 1_000, l };
    await sendTraffic(stream.log, shard, [plainEvent(`m${sent}`, c, more)]);
  }
  await stream.finalTotals(WORKSPACE, sent);
}

const optOut = (customer: string) =>
  changeConsent(deps, {
    workspaceId: WORKSPACE,
    customer,
    purpose: 'profiling',
    optedIn: false,
    actor: { kind: 'person', id: 'user_1' },
  });

async function isDenied(customer: string): Promise<boolean> {
  const keys = partitionKeys(shard.shardId, partitionOf(customer, PARTITIONS));
  const flags = await deps.logRedis.hget(keys.consent, customer);
  return flags !== null && (JSON.parse(flags) as ConsentFlags).denied.includes('profiling');
}

const untilDenied = (customer: string) =>
  until(() => isDenied(customer), { timeoutMs: 20_000, everyMs: 50, what: `${customer} to be opted out` });

it('is rebuilt with opt-outs that spread to several customers of one key', { timeout: 120_000 }, async () => {
  await stream.startWorkers();
  await send([['kiosk'], ['first', 'kiosk'], ['tablet'], ['owner', 'tablet'], ['bystander']]);
  await optOut('kiosk');
  await optOut('guest');
  // Neither knew the other before: the opt-out comes along with the event, and stands in no wish.
  await send([
    ['second', 'kiosk'],
    ['third', 'kiosk'],
    ['guest', 'tablet'],
  ]);
  for (const customer of ['first', 'second', 'third', 'tablet']) await untilDenied(customer);

  await stream.killWorkers();
  await deps.logRedis.flushdb();
  const keeping = {
    store: folderStore(root),
    codec: snapshotCodec(createSecretKey(randomBytes(32))),
    intervalMs: 60_000,
    keep: 2,
  };
  await recoverState(deps, { dedupMs: 1e12, idScope: 'shard', say: () => undefined, keeping });
  const denied = await Promise.all(
    ['kiosk', 'first', 'second', 'third', 'guest', 'tablet', 'owner'].map(async (key) => [
      key,
      await isDenied(key),
    ]),
  );
  expect(denied.filter(([, is]) => is === false)).toEqual([]);
  expect(await isDenied('bystander')).toBe(false);
});
