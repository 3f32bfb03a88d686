import { Redis } from 'ioredis';
import { beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '@/server/platform/embedded/roles';
import { withWorkspace } from '@/server/platform/postgres';
import { type TestDatabase, testDatabase } from './test-database';
import { testRedis } from './test-redis';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});

describe('row-level security', () => {
  it('is forced on every table that has a workspace, partitions included', async () => {
    const open = await withClient(database.urls.owner, async (client) => {
      const { rows } = await client.query<{ relname: string }>(`
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                   AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))`);
      return rows.map((row) => row.relname);
    });
    expect(open).toEqual([]);
  });

  it('shows a workspace its own rows and takes no row of another', async () => {
    for (const id of ['ws_a', 'ws_b']) {
      await withWorkspace(database.prisma, id, (tx) =>
        tx.slaPolicy.create({ data: { id: `sla_${id}`, workspaceId: id, reason: 'cart', seconds: 60 } }),
      );
    }
    const seen = await withWorkspace(database.prisma, 'ws_a', (tx) => tx.slaPolicy.findMany());
    expect(seen.map((row) => row.workspaceId)).toEqual(['ws_a']);
    expect(await database.prisma.slaPolicy.findMany()).toEqual([]);
    await expect(
      withWorkspace(database.prisma, 'ws_a', (tx) =>
        tx.slaPolicy.create({ data: { id: 'x', workspaceId: 'ws_b', reason: 'chat', seconds: 60 } }),
      ),
    ).rejects.toThrow(/row-level security/);
  });

  it('holds the owner of the tables as well', async () => {
    const count = await withClient(database.urls.owner, async (client) => {
      const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM sla_policies');
      return rows[0]?.n;
    });
    expect(count).toBe(0);
  });

  it('lets the bulk writer add history of any workspace, and read none', async () => {
    await withClient(database.urls.bulk, async (client) => {
      await client.query("SELECT ensure_history_day('2026-11-23')");
      await client.query(`INSERT INTO metric_samples VALUES ('ws_a', 'rate', '', now(), 1)`);
      await expect(client.query('SELECT * FROM metric_samples')).rejects.toThrow(/permission denied/);
      await expect(client.query('SELECT * FROM consents')).rejects.toThrow(/permission denied/);
    });
  });

  it('never lets the audit be rewritten', async () => {
    await withClient(database.urls.app, async (client) => {
      await expect(client.query("UPDATE audit_entries SET action = 'x'")).rejects.toThrow(
        /permission denied/,
      );
      await expect(client.query('DELETE FROM audit_entries')).rejects.toThrow(/permission denied/);
    });
  });
});

describe('the Redis of a test file', () => {
  it('keeps an acknowledged write over a kill when asked to', async () => {
    const redis = await testRedis('always');
    const first = new Redis(redis.url, { retryStrategy: () => null });
    first.on('error', () => undefined);
    await first.set('kept', 'yes');
    await redis.kill();
    first.disconnect();
    await redis.restart();
    const second = new Redis(redis.url);
    expect(await second.get('kept')).toBe('yes');
    second.disconnect();
  });
});
