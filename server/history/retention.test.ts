import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrismaClient } from '@/prisma/client/client';
import { withClient } from '@/server/platform/embedded/roles';
import { createPrisma } from '@/server/platform/postgres';
import { type TestDatabase, testDatabase } from '@/server/platform/testing/test-database';
import { ensureHistoryDays } from './retention.repository';

const TODAY = Date.UTC(2026, 4, 30, 13);
const DAYS = ['20260529', '20260530', '20260531', '20260601', '20260602'];

let database: TestDatabase;
let worker: PrismaClient;
beforeAll(async () => {
  database = await testDatabase();
  worker = createPrisma(database.urls.worker, { applicationName: 'test-worker', maxConnections: 1 });
});
afterAll(() => worker?.$disconnect());

function daysOfHistory(): Promise<string[]> {
  return withClient(database.urls.owner, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits
       WHERE inhparent = 'history_events'::regclass ORDER BY 1`,
    );
    return rows.map(({ name }) => name.replace('history_events_', '')).filter((name) => name !== 'rest');
  });
}

describe('days of history', () => {
  it('are made ahead by the role of the workers, and again without harm', async () => {
    expect(await ensureHistoryDays({ db: worker, now: () => TODAY })).toBe(DAYS.length);
    expect(await daysOfHistory()).toEqual(DAYS);
    await ensureHistoryDays({ db: worker, now: () => TODAY });
    expect(await daysOfHistory()).toEqual(DAYS);
  });

  it('take what is logged on them', async () => {
    await withClient(database.urls.bulk, (client) =>
      client.query(
        `INSERT INTO history_events VALUES
         ('ws', 1, 0, '1-0/0', '2026-05-31T00:00:00Z', now(), null, 'm', 's', 'track', 'Home', 'web', '{}')`,
      ),
    );
    await withClient(database.urls.worker, async (client) => {
      await client.query(`SELECT set_config('app.workspace_id', 'ws', false)`);
      const { rows } = await client.query('SELECT tableoid::regclass::text AS day FROM history_events');
      expect(rows).toEqual([{ day: 'history_events_20260531' }]);
    });
  });

  it('are not for the role of the console to make', async () => {
    await expect(ensureHistoryDays({ db: database.prisma, now: () => TODAY })).rejects.toThrow(
      /permission denied for function/,
    );
  });
});
