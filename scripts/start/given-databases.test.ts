import { describe, expect, it } from 'vitest';
import { loadEnv } from '@/server/platform/env';
import { hasGivenPostgres } from './given-databases';

const URL = 'postgres://localhost/millrace';

describe('a Postgres of one’s own', () => {
  it('is used when the application’s address is given, and an embedded one when none is', () => {
    expect(hasGivenPostgres(loadEnv({ DATABASE_URL: URL, MIGRATE_DATABASE_URL: URL }))).toBe(true);
    expect(hasGivenPostgres(loadEnv({}))).toBe(false);
  });

  it.each(['MIGRATE_DATABASE_URL', 'WORKER_DATABASE_URL', 'BULK_DATABASE_URL'])(
    'is not left unused in silence when only %s is given',
    (name) => {
      expect(() => hasGivenPostgres(loadEnv({ [name]: URL }))).toThrow(
        `The setting DATABASE_URL is missing: ${name} is set, and is of no use without it.`,
      );
    },
  );
});
