import { Redis } from 'ioredis';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Prisma } from '@/prisma/client/client';
import { withClient } from '@/server/platform/pg-client';
import { withWorkspace } from '@/server/platform/postgres';
import { type TestDatabase, testDatabase } from './test-database';
import { testRedis } from './test-redis';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});

/** Tables that are asked before a workspace is known. */
const PRECEDING = ['memberships', 'invitations', 'sources', 'api_keys'] as const;

async function addWhatPrecedes(tx: Prisma.TransactionClient, workspaceId: string): Promise<void> {
  const shard = await tx.shard.create({ data: { workspaceId, region: 'local', partitions: 1 } });
  const named = { workspaceId, name: 'one', keyHint: '…' };
  const expiresAt = new Date(Date.now() + 86_400_000);
  await tx.source.create({
    data: { id: `s_${workspaceId}`, ...named, shardId: shard.id, keyHash: `source of ${workspaceId}` },
  });
  await tx.apiKey.create({ data: { id: `k_${workspaceId}`, ...named, keyHash: `key of ${workspaceId}` } });
  await tx.membership.create({
    data: { id: `m_${workspaceId}`, workspaceId, userId: 'person', role: 'ops' },
  });
  const invited = { email: 'i@a.test', role: 'ops' as const, invitedById: 'person', expiresAt };
  await tx.invitation.create({
    data: { id: `i_${workspaceId}`, workspaceId, ...invited, tokenHash: `token of ${workspaceId}` },
  });
}

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

  it('answers what precedes a workspace one question at a time, and lists nothing', async () => {
    await database.prisma.user.create({ data: { id: 'person', email: 'p@a.test', name: 'P' } });
    for (const id of ['ws_a', 'ws_b']) {
      await database.prisma.workspace.create({ data: { id, name: id, slug: id } });
      await withWorkspace(database.prisma, id, (tx) => addWhatPrecedes(tx, id));
    }
    await withClient(database.urls.app, async (client) => {
      const count = async (from: string) => {
        const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${from}`);
        return rows[0]?.n;
      };
      for (const table of PRECEDING) expect(await count(table), table).toBe(0);
      for (const table of PRECEDING) {
        const changed = await client.query(`DELETE FROM ${table}`);
        expect(changed.rowCount, table).toBe(0);
      }
      const answers: [question: string, answered: number][] = [
        [`source_of_key('source of ws_a')`, 1],
        [`source_of_key('')`, 0],
        [`api_key_of('key of ws_b')`, 1],
        [`api_key_of('%')`, 0],
        [`invitation_of_token('token of ws_a', now())`, 1],
        [`invitation_of_token('token of ws_a', now() + interval '2 days')`, 0],
        [`memberships_of('person')`, 2],
        [`memberships_of('somebody')`, 0],
        [`standing_sessions('{nobody}', now())`, 0],
      ];
      for (const [question, answered] of answers) expect(await count(question), question).toBe(answered);
    });
    await withClient(database.urls.bulk, async (client) => {
      await expect(client.query(`SELECT * FROM api_key_of('key of ws_a')`)).rejects.toThrow(
        /permission denied/,
      );
    });
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
