import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrismaClient } from '@/prisma/client/client';
import { DAY_MS } from '@/server/core/durations';
import { withClient } from '@/server/platform/pg-client';
import { createPrisma, withWorkspace } from '@/server/platform/postgres';
import { type TestDatabase, testDatabase } from '@/server/platform/testing/test-database';
import {
  ALLOWING_SIGNAL_DAYS,
  CONTEST_DAYS,
  dropOldContests,
  dropOldSignals,
  dropOldWaits,
  ensureHistoryDays,
  WAIT_DAYS,
  WITHDRAWN_CONTEST_DAYS,
} from './retention.repository';

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

const daysAgo = (days: number) => new Date(TODAY - days * DAY_MS);

async function workspaces(...ids: string[]): Promise<void> {
  await database.prisma.workspace.createMany({
    data: ids.map((id) => ({ id, name: id, slug: id, timeZone: 'UTC', currency: 'EUR' })),
    skipDuplicates: true,
  });
}

function keepContest(workspaceId: string, id: string, saidDaysAgo: number, withdrawnDaysAgo?: number) {
  return withWorkspace(database.prisma, workspaceId, (tx) =>
    tx.labelContest.create({
      data: {
        ...{ id: `${workspaceId}-${id}`, workspaceId, customer: id, contactId: 'c', turnId: 't' },
        ...{ turnAt: daysAgo(saidDaysAgo), modelLabel: 'negative', modelScore: -1, modelConfidence: 1 },
        ...{ model: 'm', modelVersion: '1', label: 'neutral', userId: 'u', at: daysAgo(saidDaysAgo) },
        withdrawnAt: withdrawnDaysAgo === undefined ? null : daysAgo(withdrawnDaysAgo),
      },
    }),
  );
}

function keepSignal(workspaceId: string, customer: string, denied: string[], takenDaysAgo: number) {
  const at = daysAgo(takenDaysAgo);
  return withWorkspace(database.prisma, workspaceId, (tx) =>
    tx.consentSignal.create({ data: { workspaceId, customer, kind: 'tcf', denied, at, takenAt: at } }),
  );
}

/** @param doneDaysAgo null: nobody is done with it */
function keepWait(workspaceId: string, customer: string, doneDaysAgo: number | null) {
  return withWorkspace(database.prisma, workspaceId, (tx) =>
    tx.queueClaim.create({
      data: {
        ...{ id: `${workspaceId}-${customer}`, workspaceId, customer, reason: 'contact' },
        enteredAt: daysAgo(WAIT_DAYS + 9),
        doneAt: doneDaysAgo === null ? null : daysAgo(doneDaysAgo),
      },
    }),
  );
}

const LEFT = {
  contests: (workspaceId: string) =>
    withWorkspace(worker, workspaceId, (tx) => tx.labelContest.findMany({ orderBy: { customer: 'asc' } })),
  signals: (workspaceId: string) =>
    withWorkspace(worker, workspaceId, (tx) => tx.consentSignal.findMany({ orderBy: { customer: 'asc' } })),
  waits: (workspaceId: string) =>
    withWorkspace(worker, workspaceId, (tx) => tx.queueClaim.findMany({ orderBy: { customer: 'asc' } })),
};
const left = async (table: keyof typeof LEFT, workspaceId: string) =>
  (await LEFT[table](workspaceId)).map(({ customer }) => customer);

describe('personal data with an end', () => {
  it('contests of labels leave after a year, one taken back after a month, in every workspace', async () => {
    await workspaces('north', 'south');
    for (const workspace of ['north', 'south']) {
      await keepContest(workspace, 'old', CONTEST_DAYS + 1);
      await keepContest(workspace, 'recent', CONTEST_DAYS - 1);
      await keepContest(workspace, 'takenBack', 100, WITHDRAWN_CONTEST_DAYS + 1);
      await keepContest(workspace, 'takenBackNow', 100, WITHDRAWN_CONTEST_DAYS - 1);
    }
    expect(await dropOldContests({ db: worker, now: () => TODAY })).toBe(4);
    expect(await left('contests', 'north')).toEqual(['recent', 'takenBackNow']);
    expect(await left('contests', 'south')).toEqual(['recent', 'takenBackNow']);
    expect(await dropOldContests({ db: worker, now: () => TODAY })).toBe(0);
  });

  it('signals that allow everything leave after 13 months; what denies or waits has no end', async () => {
    await workspaces('north');
    await keepSignal('north', 'allowed', [], ALLOWING_SIGNAL_DAYS + 1);
    await keepSignal('north', 'allowedNow', [], ALLOWING_SIGNAL_DAYS - 1);
    await keepSignal('north', 'denied', ['marketing'], ALLOWING_SIGNAL_DAYS + 1);
    const waiting = { workspaceId: 'north', shardId: 1, partition: 0, position: '1-0/0', customer: 'waits' };
    await withWorkspace(database.prisma, 'north', (tx) =>
      tx.consentSignalNews.create({ data: { ...waiting, kind: 'tcf', denied: [], at: daysAgo(4_000) } }),
    );
    expect(await dropOldSignals({ db: worker, now: () => TODAY })).toBe(1);
    expect(await left('signals', 'north')).toEqual(['allowedNow', 'denied']);
    const waits = await withWorkspace(worker, 'north', (tx) => tx.consentSignalNews.count());
    expect(waits).toBe(1);
  });

  it('waits for an agent leave a quarter after they ended, not while they stand, in every workspace', async () => {
    await workspaces('north', 'south');
    for (const workspace of ['north', 'south']) {
      await keepWait(workspace, 'old', WAIT_DAYS + 1);
      await keepWait(workspace, 'recent', WAIT_DAYS - 1);
      await keepWait(workspace, 'stands', null);
    }
    expect(await dropOldWaits({ db: worker, now: () => TODAY })).toBe(2);
    expect(await left('waits', 'north')).toEqual(['recent', 'stands']);
    expect(await left('waits', 'south')).toEqual(['recent', 'stands']);
    expect(await dropOldWaits({ db: worker, now: () => TODAY })).toBe(0);
  });
});
