import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConsentFlags } from '@/server/core/consent-flags';
import { partitionOf } from '@/server/core/partition';
import type { CustomerEvent } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { until } from '@/server/platform/until';
import { changeConsent } from '@/server/privacy/opt-out.service';
import { partitionKeys } from '@/server/scaling';
import { LostStream } from './lost-stream-fixture';

const PARTITIONS = 4;
const WORKSPACE = 'ws_opt_outs';
const NOON = Date.UTC(2026, 2, 1, 12);

let sent = 0;
let stream: LostStream;

beforeAll(async () => {
  stream = await LostStream.open(WORKSPACE, PARTITIONS);
});

afterAll(() => stream?.close());

/** Sends events one by one, and waits until all there are have reached history. */
async function send(pairs: readonly (readonly [customer: string, link?: string])[]): Promise<void> {
  for (const [c, l] of pairs) {
    sent += 1;
    const more: Partial<CustomerEvent> = { t: NOON + sent * 1_000, l };
    await stream.send([plainEvent(`m${sent}`, c, more)]);
  }
  await stream.finalTotals(sent);
}

const optOut = (customer: string) =>
  changeConsent(stream.deps, {
    workspaceId: WORKSPACE,
    customer,
    purpose: 'profiling',
    optedIn: false,
    actor: { kind: 'person', id: 'user_1' },
  });

async function isDenied(customer: string): Promise<boolean> {
  const keys = partitionKeys(stream.shard.shardId, partitionOf(customer, PARTITIONS));
  const flags = await stream.deps.logRedis.hget(keys.consent, customer);
  return flags !== null && (JSON.parse(flags) as ConsentFlags).denied.includes('profiling');
}

const untilDenied = (customer: string) =>
  until(() => isDenied(customer), { timeoutMs: 120_000, everyMs: 50, what: `${customer} to be opted out` });

it('is rebuilt with opt-outs that spread to several customers of one key', { timeout: 300_000 }, async () => {
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

  await stream.lose();
  await stream.recover();
  const denied = await Promise.all(
    ['kiosk', 'first', 'second', 'third', 'guest', 'tablet', 'owner'].map(async (key) => [
      key,
      await isDenied(key),
    ]),
  );
  expect(denied.filter(([, is]) => is === false)).toEqual([]);
  expect(await isDenied('bystander')).toBe(false);
});
