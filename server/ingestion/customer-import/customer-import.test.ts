import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { type CustomerEvent, countKey, logOf } from '@/server/event-log';
import { shardsOf } from '@/server/identity';
import { listSources } from '@/server/identity/sources.service';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { listAudit } from '@/server/privacy/audit.service';
import { beginImport, finishImport, importRows } from './customer-import.service';
import { guessColumns } from './import-columns.schema';

let deps: Deps;
let north: Awaited<ReturnType<typeof testWorkspace>>;
let south: Awaited<ReturnType<typeof testWorkspace>>;

beforeAll(async () => {
  deps = await testDeps();
  north = await testWorkspace(deps, 'north');
  south = await testWorkspace(deps, 'south');
});

const COLUMNS = guessColumns(['user id', 'email', 'plan']);
const FILE = { fileName: 'customers.csv', bytes: 1_000, columns: COLUMNS };
const begin = async () => (await beginImport(deps, north.actor('ops'), FILE)).importId;
const send = (importId: string, ...rows: { line: number; cells: string[] }[]) =>
  importRows(deps, north.actor('ops'), { importId, rows }, { log: logOf(deps) });
const customer = (line: number, ...cells: string[]) => ({ line, cells });

/** The events of a customer as they lie in the log. */
async function eventsOf(key: string): Promise<CustomerEvent[]> {
  const [shard] = await shardsOf(deps, north.workspaceId);
  if (!shard) throw new Error('no shard');
  const cursor = { partition: partitionOf(key, shard.partitions), after: '0' };
  const read = await logOf(deps).read(shard.shardId, [cursor], 1_000);
  const records = [...read.values()].flat().flatMap((entry) => JSON.parse(entry.records) as CustomerEvent[]);
  return records.filter(({ c }) => c === key);
}

describe('an import of customers', () => {
  let importId: string;
  beforeEach(async () => {
    importId = await begin();
  });

  it('takes rows as identify events of a source of their own, and names those it does not take', async () => {
    const sent = await send(
      importId,
      customer(2, 'one', 'one@shop.test', 'gold'),
      customer(3, '', 'two@shop.test', 'gold'),
      customer(4, 'x'.repeat(2_000), 'three@shop.test', 'gold'),
    );
    expect(sent).toMatchObject({ taken: 1, repeated: 0, refused: 2 });
    expect(sent.refusedRows).toEqual([
      { line: 3, column: 'user id', reason: 'Is empty.' },
      { line: 4, column: 'user id', reason: expect.stringMatching(/^Must be text of 1 to/) },
    ]);
    expect(await eventsOf('one')).toMatchObject([
      { y: 'identify', pl: 'server', p: { email: 'one@shop.test', plan: 'gold' } },
    ]);
    const sources = await listSources(deps, north.workspaceId);
    expect(sources.map(({ name, platform }) => [name, platform])).toEqual([
      ['Import of customers', 'server'],
    ]);
  });

  it('changes nothing the second time, and takes a changed line', async () => {
    const rows = [customer(2, 'r1', 'r1@shop.test', 'gold'), customer(3, 'r2', 'r2@shop.test', 'gold')];
    expect(await send(importId, ...rows)).toMatchObject({ taken: 2, repeated: 0 });
    const again = await begin();
    expect(await send(again, ...rows)).toMatchObject({ taken: 0, repeated: 2 });
    const changed = await begin();
    expect(
      await send(changed, ...rows.slice(0, 1), customer(3, 'r2', 'r2@shop.test', 'silver')),
    ).toMatchObject({
      taken: 1,
      repeated: 1,
    });
  });

  it('answers a part that is sent again as it did the first time', async () => {
    const row = customer(2, 'again', 'again@shop.test', 'gold');
    expect(await send(importId, row)).toMatchObject({ taken: 1, repeated: 0 });
    expect(await send(importId, row)).toMatchObject({ taken: 1, repeated: 0 });
    expect(await finishImport(deps, north.actor('ops'), importId)).toEqual({
      taken: 1,
      repeated: 0,
      refused: 0,
    });
  });

  it('is on record from its beginning, with what became of it, and ends once', async () => {
    await send(importId, customer(2, 'rec', 'rec@shop.test', 'gold'), customer(3, '', '', ''));
    await finishImport(deps, north.actor('ops'), importId);
    const { rows } = await listAudit(deps, north.workspaceId, { subject: importId }, { limit: 10 });
    expect(rows).toMatchObject([
      { action: 'customers.imported', details: { taken: 1, repeated: 0, refused: 1 } },
      { action: 'customers.importBegan', details: { fileName: 'customers.csv', traits: ['email', 'plan'] } },
    ]);
    expect(JSON.stringify(rows)).not.toContain('rec@shop.test');
    await expect(finishImport(deps, north.actor('ops'), importId)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('is nobody else’s: another workspace does not find it', async () => {
    const rows = [customer(2, 'theirs', '', '')];
    const foreign = importRows(deps, south.actor('ops'), { importId, rows }, { log: logOf(deps) });
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  });

  it('waits while processors are behind', async () => {
    const [shard] = await shardsOf(deps, north.workspaceId);
    const key = countKey(shard?.shardId ?? 0, 0);
    const before = await deps.logRedis.get(key);
    await deps.logRedis.set(key, 1_000_000);
    await expect(send(importId, customer(2, 'later', '', ''))).rejects.toMatchObject({ code: 'unavailable' });
    if (before === null) await deps.logRedis.del(key);
    else await deps.logRedis.set(key, before);
  });
});
