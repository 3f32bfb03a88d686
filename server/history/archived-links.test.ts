import { afterAll, beforeAll, expect, it } from 'vitest';
import { withWorkspace } from '@/server/platform/postgres';
import { type TestDatabase, testDatabase } from '@/server/platform/testing/test-database';
import { MOST_OTHERS } from '@/server/processors';
import { ArchiveStore } from './archive.connector';
import { ArchiveBatch } from './archive-tables';

const WORKSPACE = 'ws_links';
let database: TestDatabase;
let store: ArchiveStore;

beforeAll(async () => {
  database = await testDatabase();
  await database.prisma.workspace.create({ data: { id: WORKSPACE, name: 'Links', slug: 'links' } });
  store = new ArchiveStore(database.urls.bulk, Date.now);
});
afterAll(() => store?.close());

/** Archives links of one key, in one batch. */
async function link(from: string, customers: readonly string[]): Promise<void> {
  const batch = new ArchiveBatch();
  customers.forEach((to, at) => {
    batch.link({ workspaceId: WORKSPACE, from, to, at });
  });
  expect(await store.write(batch)).toBe(0);
}

/** Whose a key is, and who else had it. */
function linksOf(key: string): Promise<{ owner: string | undefined; others: string[] }> {
  return withWorkspace(database.prisma, WORKSPACE, async (tx) => {
    const [owner] = await tx.identityLink.findMany({ where: { workspaceId: WORKSPACE, fromKey: key } });
    const others = await tx.sharedKey.findMany({
      where: { workspaceId: WORKSPACE, key },
      orderBy: { customer: 'asc' },
    });
    return { owner: owner?.toKey, others: others.map(({ customer }) => customer) };
  });
}

it('leaves a key with its first customer and keeps the others, each once', async () => {
  await link('kiosk', ['first']);
  await link('kiosk', ['second', 'first', 'second']);
  await link('kiosk', ['third', 'second', 'first']);
  expect(await linksOf('kiosk')).toEqual({ owner: 'first', others: ['second', 'third'] });
});

it('tells apart who came first within one batch', async () => {
  await link('tablet', ['owner', 'guest', 'owner']);
  expect(await linksOf('tablet')).toEqual({ owner: 'owner', others: ['guest'] });
});

it('keeps so many others of a key and no more', async () => {
  const customers = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `c${String(from + index).padStart(3, '0')}`);
  await link('hall', ['owner', ...customers(0, MOST_OTHERS - 1)]);
  // Those that are known already take no room.
  await link('hall', customers(0, MOST_OTHERS + 20));
  expect((await linksOf('hall')).others).toEqual(customers(0, MOST_OTHERS));
  await link('hall', ['late']);
  expect((await linksOf('hall')).others).toHaveLength(MOST_OTHERS);
});
