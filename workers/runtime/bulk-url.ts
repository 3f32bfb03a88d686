import { type Env, required } from '@/server/platform/env';
import { asRole } from '@/server/platform/postgres';

/** The role that may only add to history. */
export function bulkUrl(env: Env): string {
  return (
    env.BULK_DATABASE_URL ?? asRole(env.WORKER_DATABASE_URL ?? required(env, 'DATABASE_URL'), 'millrace_bulk')
  );
}
