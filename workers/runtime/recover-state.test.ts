import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { workspaceDigest } from '@/server/history/digest.service';
import { archivedRecords, type LogPlace } from '@/server/history/recovery/archived-log.repository';
import { takeSnapshot } from '@/server/history/snapshots/take-snapshots.job';
import type { Totals } from '@/server/history/totals.service';
import { withWorkspace } from '@/server/platform/postgres';
import { LostStream } from './lost-stream-fixture';
import { longCart, traffic } from './traffic-fixture';

const PARTITIONS = 8;
const EVENTS = 3_000;
/** Cart events of one customer. */
const LONG = 500;
const WORKSPACE = 'ws_lost';

let stream: LostStream;

beforeAll(async () => {
  stream = await LostStream.open(WORKSPACE, PARTITIONS);
});

afterAll(() => stream?.close());

const placeOf = (partition: number): LogPlace => ({
  workspaceId: WORKSPACE,
  shardId: stream.shard.shardId,
  partition,
});

/** Positions of a partition's records between two entries, read in pages of so many rows. */
async function positions(place: LogPlace, after: string, upTo: string, pageRows?: number): Promise<string[]> {
  const found: string[] = [];
  for await (const page of archivedRecords(stream.deps, place, after, upTo, pageRows))
    found.push(...page.map(({ position }) => position));
  return found;
}

async function snapshotAll(): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    await takeSnapshot(stream.deps, stream.keeping, placeOf(partition));
}

const lastOf = (all: readonly string[], entry: string): number =>
  all.findLastIndex((position) => position.startsWith(`${entry}/`));

describe('a log Redis that was lost', () => {
  const events = [...traffic(EVENTS - LONG), ...longCart(LONG)];
  let whole: Totals;
  let digest: Awaited<ReturnType<typeof workspaceDigest>>;

  it('is rebuilt from snapshots taken under load and from what history holds after them', {
    timeout: 300_000,
  }, async () => {
    await stream.startWorkers();
    await stream.send(events.slice(0, 2_000), async (sent) => {
      // Partitions are caught at different moments, some while records travel between them.
      const partition = (sent / 50) % PARTITIONS;
      if (sent > 600) await takeSnapshot(stream.deps, stream.keeping, placeOf(partition));
    });
    await stream.send(events.slice(2_000));
    whole = await stream.finalTotals(EVENTS);
    digest = await workspaceDigest(stream.deps, WORKSPACE);
    const parts = await stream.deps.logRedis.hlen(
      `{${stream.shard.shardId}.${partitionOf('collector', PARTITIONS)}}:parts`,
    );
    expect(parts).toBeGreaterThan(0);
    await stream.lose();

    const report = await stream.recover();
    expect(report).toMatchObject({ partitions: PARTITIONS, fromSnapshot: PARTITIONS, ids: EVENTS });
    expect(report.records).toBeGreaterThan(500);
    expect(await workspaceDigest(stream.deps, WORKSPACE)).toEqual(digest);
    await stream.startWorkers();
    expect(await stream.finalTotals(EVENTS)).toEqual(whole);
  });

  it('knows what it had taken: the same events again change nothing, new ones do', {
    timeout: 300_000,
  }, async () => {
    await stream.send(events.slice(0, 500));
    const again = await stream.finalTotals(EVENTS);
    expect(again).toEqual({ ...whole, duplicates: 500 });
    expect((await workspaceDigest(stream.deps, WORKSPACE)).digest).toBe(digest.digest);
    const later = traffic(EVENTS + 200).slice(EVENTS);
    await stream.send(later);
    whole = await stream.finalTotals(EVENTS + 200);
    digest = await workspaceDigest(stream.deps, WORKSPACE);
  });

  it('publishes what had not reached history, once', { timeout: 300_000 }, async () => {
    await snapshotAll();
    const more = traffic(EVENTS + 600).slice(EVENTS + 200);
    await stream.send(more);
    whole = await stream.finalTotals(EVENTS + 600);
    digest = await workspaceDigest(stream.deps, WORKSPACE);
    const lostFacts = await withWorkspace(
      stream.deps.db,
      WORKSPACE,
      (tx) =>
        tx.$executeRaw`DELETE FROM history_facts WHERE position IN (
        SELECT position FROM history_facts WHERE at >= (SELECT max(at) - interval '30 minutes' FROM history_facts)
        ORDER BY position DESC LIMIT 40)`,
    );
    expect(lostFacts).toBeGreaterThan(10);
    await stream.lose();
    const report = await stream.recover();
    // Some of what was removed had been taken back by what was removed too.
    expect(report.outputs).toBeGreaterThan(10);
    await stream.startWorkers();
    expect(await stream.finalTotals(EVENTS + 600)).toEqual(whole);
    expect((await workspaceDigest(stream.deps, WORKSPACE)).digest).toBe(digest.digest);
  });

  it('passes over a snapshot that was cut off', { timeout: 300_000 }, async () => {
    await snapshotAll();
    const folder = join(stream.root, String(stream.shard.shardId), '3');
    const newest = readdirSync(folder).sort().at(-1) ?? '';
    writeFileSync(join(folder, newest), readFileSync(join(folder, newest)).subarray(0, 200));
    await stream.lose();
    await stream.recover();
    expect((await workspaceDigest(stream.deps, WORKSPACE)).digest).toBe(digest.digest);
  });

  it('is rebuilt from history alone when there is no snapshot', { timeout: 300_000 }, async () => {
    rmSync(stream.root, { recursive: true, force: true });
    await stream.lose();
    const gone = () => Promise.reject(new Error('The helper is gone.'));
    await expect(stream.recover({ helpers: () => [gone] })).rejects.toThrow('The helper is gone.');
    const report = await stream.recover();
    expect(report).toMatchObject({ partitions: PARTITIONS, fromSnapshot: 0 });
    expect((await workspaceDigest(stream.deps, WORKSPACE)).digest).toBe(digest.digest);
    await stream.startWorkers();
    expect(await stream.finalTotals(EVENTS + 600)).toEqual(whole);
  });

  it('is read from history in one order, however small the pages', { timeout: 300_000 }, async () => {
    for (const partition of [2, 5]) {
      const place = placeOf(partition);
      const whole = await positions(place, '0-0', '9000000000000-0');
      expect(whole.length).toBeGreaterThan(50);
      const end = whole.at(-1)?.split('/')[0] ?? '';
      expect(await positions(place, '0-0', end, 3)).toEqual(whole);
      const [after = '', upTo = ''] = [whole[20], whole[40]].map((position) => position?.split('/')[0]);
      const within = whole.slice(lastOf(whole, after) + 1, lastOf(whole, upTo) + 1);
      expect(await positions(place, after, upTo, 3)).toEqual(within);
    }
  });

  it('is left alone where it knows its partitions, and put back again where a recovery died', {
    timeout: 300_000,
  }, async () => {
    await stream.killWorkers();
    expect((await stream.recover()).partitions).toBe(0);
    await stream.deps.logRedis.sadd('recovering', `${stream.shard.shardId}.2`, `${stream.shard.shardId}.5`);
    await stream.deps.logRedis.del(`{${stream.shard.shardId}.2}:state`);
    expect((await stream.recover()).partitions).toBe(2);
    expect((await workspaceDigest(stream.deps, WORKSPACE)).digest).toBe(digest.digest);
  });
});
