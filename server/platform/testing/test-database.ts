import { randomUUID } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import type { PrismaClient } from '@/prisma/client/client';
import { ensureDatabase, roleUrls } from '@/server/platform/embedded/roles';
import { withClient } from '@/server/platform/pg-client';
import { createPrisma } from '@/server/platform/postgres';
import { TEMPLATE_DATABASE } from './test-servers';

export interface TestDatabase {
  /** Connection strings of the four roles. */
  readonly urls: Record<'owner' | 'app' | 'worker' | 'bulk', string>;
  /** A client of the application's role. */
  readonly prisma: PrismaClient;
}

/**
 * A database of the test file's own: every migration applied, no rows. Dropped after the file.
 * Call it in `beforeAll` or at the top of the file.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const servers = inject('servers');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await ensureDatabase(servers.adminUrl, name, TEMPLATE_DATABASE);
  const urls = roleUrls(servers.postgresPort, servers.passwords, name);
  const prisma = createPrisma(urls.app, { applicationName: 'test', maxConnections: 5 });
  afterAll(async () => {
    await prisma.$disconnect();
    await withClient(servers.adminUrl, (client) => client.query(`DROP DATABASE "${name}" WITH (FORCE)`));
  });
  return { urls, prisma };
}
