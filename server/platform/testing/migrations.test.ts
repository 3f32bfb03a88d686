import { expect, inject, it } from 'vitest';
import { applyMigrations, diffSchema } from '@/server/platform/migrations';
import { withClient } from '@/server/platform/pg-client';
import { testDatabase } from './test-database';

it('leads by the migrations to the schema folder', async () => {
  expect(await diffSchema(inject('servers').adminUrl)).toBe('');
});

it('applies nothing twice, and writes the ordinary table of migrations', async () => {
  const { urls } = await testDatabase();
  expect(await applyMigrations(urls.owner)).toEqual([]);
  const names = await withClient(urls.owner, async (client) => {
    const { rows } = await client.query(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY started_at',
    );
    return rows.map((row) => row.migration_name);
  });
  expect(names.slice(0, 2)).toEqual(['0001_init', '0002_security']);
});
