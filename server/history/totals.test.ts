import { expect, it } from 'vitest';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { totals } from './totals.service';

it('adds amounts up to their last decimal, however many there are', async () => {
  const deps = await testDeps();
  const { workspaceId } = await testWorkspace(deps, 'exact');
  const { shardId = 0, currency = '' } = (await shardsOf(deps, workspaceId))[0] ?? {};
  const at = new Date('2026-01-02T03:04:05Z');
  const amounts = ['0.1234567890123456789012345678', '999999999999', '0.0000000000000000000000000002'];
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.historyFact.createMany({
      data: amounts.map((amount, place) => ({
        workspaceId,
        shardId,
        partition: 1,
        position: `1-0/${place}`,
        customer: 'c',
        kind: 'order',
        at,
        sign: 1,
        amount,
        currency,
      })),
    }),
  );
  const { revenue } = await totals(deps, workspaceId, { from: null, to: null });
  expect(revenue).toBe('999999999999.123456789012345678901234568');
});
