import { beforeAll, describe, expect, it } from 'vitest';
import { keysBeginningWith } from '@/server/features/customer.repository';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { personEvents } from './state/person-events.repository';
import { readTimeline, type TimelinePlace } from './timeline.repository';

const NOON = Date.UTC(2026, 4, 30, 12);
let deps: Awaited<ReturnType<typeof testDeps>>;
let north: { workspaceId: string; shardId: number };
let south: { workspaceId: string; shardId: number };

async function workspaceWith(slug: string): Promise<typeof north> {
  const { workspaceId } = await testWorkspace(deps, slug);
  const [shard] = await shardsOf(deps, workspaceId);
  return { workspaceId, shardId: shard?.shardId ?? 0 };
}

/** Puts events of a customer into history, a second apart, logged on two days. */
async function archived(
  { workspaceId, shardId }: typeof north,
  customer: string,
  seconds: readonly number[],
) {
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.historyEvent.createMany({
      data: seconds.map((second) => {
        const at = new Date(NOON + second * 1_000);
        const loggedAt = new Date(at.getTime() + (second % 2) * 86_400_000);
        return {
          workspaceId,
          shardId,
          partition: 1,
          position: `${loggedAt.getTime()}-0/${customer}`,
          loggedAt,
          eventAt: at,
          customer,
          messageId: `${customer}-${second}`,
          sourceId: 's',
          kind: 'track',
          name: 'Seen',
          platform: 'web',
          properties: {},
        };
      }),
    }),
  );
}

beforeAll(async () => {
  deps = await testDeps();
  north = await workspaceWith('north');
  south = await workspaceWith('south');
  await archived(north, 'anna', [1, 2, 3, 8]);
  await archived(north, 'anonymous', [4, 5, 6, 7]);
  await archived(south, 'anna', [9, 10]);
  await archived(south, 'annabel', [11]);
});

describe('events of a customer in history', () => {
  it('are paged newest first over all keys, and over days', async () => {
    const ids: string[] = [];
    let before: TimelinePlace | null = null;
    for (;;) {
      const page = await readTimeline(deps, north.workspaceId, ['anna', 'anonymous'], before, 3);
      if (page.length === 0) break;
      ids.push(...page.map(({ messageId }) => messageId));
      before = page.at(-1) ?? null;
    }
    expect(ids).toEqual([
      'anna-8',
      'anonymous-7',
      'anonymous-6',
      'anonymous-5',
      'anonymous-4',
      'anna-3',
      'anna-2',
      'anna-1',
    ]);
  });

  it('are those of one workspace where several know the key', async () => {
    const shown = await readTimeline(deps, south.workspaceId, ['anna'], null, 10);
    expect(shown.map(({ messageId }) => messageId)).toEqual(['anna-10', 'anna-9']);
    const recomputed = await personEvents(deps, south, ['anna'], 10);
    expect(recomputed.map(({ record }) => record.id).sort()).toEqual(['anna-10', 'anna-9']);
    expect(await keysBeginningWith(deps, north.workspaceId, 'ann', 10)).toEqual([
      { key: 'anna', linkedTo: null },
    ]);
    const keys = await keysBeginningWith(deps, south.workspaceId, 'ann', 10);
    expect(keys.map(({ key }) => key)).toEqual(['anna', 'annabel']);
  });

  it('are nothing without a key', async () => {
    expect(await readTimeline(deps, north.workspaceId, [], null, 10)).toEqual([]);
  });
});
