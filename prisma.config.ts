import { defineConfig } from 'prisma/config';
import { loadEnv } from './server/platform/env';

const env = loadEnv();

/** For the ordinary Prisma commands, where its engine can be had: `prisma migrate deploy`, `prisma studio`. */
export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations', seed: 'tsx prisma/seed/main.ts' },
  ...(env.MIGRATE_DATABASE_URL ? { datasource: { url: env.MIGRATE_DATABASE_URL } } : {}),
});
