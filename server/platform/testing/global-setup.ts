import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { endLeftOver } from '@/server/platform/embedded/redis-server';
import { ensureDatabase, roleUrls } from '@/server/platform/embedded/roles';
import { startScratchPostgres } from '@/server/platform/embedded/scratch-postgres';
import { applyMigrations } from '@/server/platform/migrations';
import { TEMPLATE_DATABASE, type TestServers } from './test-servers';

declare module 'vitest' {
  export interface ProvidedContext {
    servers: TestServers;
  }
}

/** One Postgres for the whole run, migrated once; every test file clones the template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redisFolder = mkdtempSync(join(tmpdir(), 'millrace-redis-'));
  const postgres = await startScratchPostgres();
  await ensureDatabase(postgres.adminUrl, TEMPLATE_DATABASE);
  await applyMigrations(roleUrls(postgres.port, postgres.passwords, TEMPLATE_DATABASE).owner);
  project.provide('servers', {
    postgresPort: postgres.port,
    adminUrl: postgres.adminUrl,
    passwords: postgres.passwords,
    redisFolder,
  });
  return async () => {
    // A test file that died leaves its Redis behind.
    for (const name of readdirSync(redisFolder)) await endLeftOver(join(redisFolder, name));
    rmSync(redisFolder, { recursive: true, force: true });
    await postgres.stop();
  };
}
