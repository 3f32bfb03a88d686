import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '@/server/core/durations';
import type { CustomerEvent } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { recoverState } from '@/server/history';
import { workspaceDigest } from '@/server/history/digest.service';
import { folderStore } from '@/server/history/snapshots/folder-store.connector';
import { snapshotCodec } from '@/server/history/snapshots/snapshot-codec.connector';
import { totals } from '@/server/history/totals.service';
import type { Deps } from '@/server/platform/deps';
import { RunningStream } from './running-stream-fixture';
import { sendTraffic } from './traffic-fixture';

const WORKSPACE = 'ws_old';
const BEGINNINGS = [0, -20 * MINUTE_MS - 10 * DAY_MS, Date.UTC(1900, 0, 1)];

let stream: RunningStream;
let deps: Deps;
let shard: { shardId: number; partitions: number };
const root = mkdtempSync(join(tmpdir(), 'millrace-old-'));

beforeAll(async () => {
  stream = await RunningStream.open();
  deps = stream.deps;
  shard = await stream.makeShard(WORKSPACE, 4);
});

afterAll(async () => {
  await stream?.close();
  rmSync(root, { recursive: true, force: true });
});

/** Two customers: a cart is abandoned, then recovered; an anonymous cart is ordered by its user. */
function story(start: number): CustomerEvent[] {
  const event = (n: string, minute: number, c: string, more: Partial<CustomerEvent> = {}) =>
    plainEvent(`${start}.${n}.${minute}.${c}`, `${c}${start}`, {
      n,
      t: start + minute * MINUTE_MS,
      p: n === 'Product Added' ? { product_id: 'p', price: 10 } : { total: 10 },
      ...more,
    });
  return [
    event('Product Added', 0, 'one'),
    event('Product Viewed', 20, 'one'),
    event('Order Completed', 40, 'one'),
    event('Product Added', 0, 'anonymous'),
    event('Signed In', 5, 'user', { l: `anonymous${start}` }),
    event('Order Completed', 6, 'user'),
  ];
}

const totalsAround = (start: number) =>
  totals(deps, WORKSPACE, {
    from: start - DAY_MS,
    to: start + DAY_MS,
  });

it('takes events at 0 and before 1970 through log, state and history, and is rebuilt with them', {
  timeout: 120_000,
}, async () => {
  const events = BEGINNINGS.flatMap(story);
  const expectTotals = async () => {
    for (const start of BEGINNINGS)
      expect(await totalsAround(start)).toMatchObject({
        events: 6,
        customers: 2,
        visits: 2,
        cartsOpened: 2,
        cartsAbandoned: 1,
        cartsRecovered: 1,
        cartsConverted: 1,
        directOrders: 0,
        late: 0,
        provisional: false,
      });
  };
  await stream.startWorkers();
  await sendTraffic(stream.log, shard, events);
  await stream.finalTotals(WORKSPACE, events.length);
  await expectTotals();
  const digest = await workspaceDigest(deps, WORKSPACE);

  await stream.killWorkers();
  await deps.logRedis.flushdb();
  const keeping = {
    store: folderStore(root),
    codec: snapshotCodec(createSecretKey(randomBytes(32))),
    intervalMs: 60_000,
    keep: 2,
  };
  await recoverState(deps, { dedupMs: 1e12, idScope: 'shard', say: () => undefined, keeping });
  expect(await workspaceDigest(deps, WORKSPACE)).toEqual(digest);
  await stream.startWorkers();
  await stream.finalTotals(WORKSPACE, events.length);
  await expectTotals();
});
