/** Applies what is missing of the migrations to MIGRATE_DATABASE_URL: `npm run db:migrate`. */
import { loadEnv, required } from '@/server/platform/env';
import { applyMigrations } from '@/server/platform/migrations';

const applied = await applyMigrations(required(loadEnv(), 'MIGRATE_DATABASE_URL'));
console.log(applied.length > 0 ? `Applied ${applied.join(', ')}` : 'Nothing to apply.');
