import { expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { checkpointOverview } from './checkpoints.service';
import { insertSnapshot } from './snapshot-rows.repository';

it('spreads what snapshots cost over the time since the first of them, not over an hour that has not passed', async () => {
  const deps = await testDeps();
  const { workspaceId } = await testWorkspace(deps, 'young');
  expect((await checkpointOverview(deps, workspaceId)).lastHour).toBeNull();
  const at = Date.now();
  const frozen = { ...deps, now: () => at };
  for (const [minutesAgo, totalMs] of [
    [12, 2_000],
    [7, 3_000],
    [2, 2_200],
  ] as const)
    await insertSnapshot(deps, workspaceId, {
      object: `1/0/${minutesAgo}`,
      shardId: 1,
      partition: 0,
      takenAt: new Date(at - minutesAgo * MINUTE_MS),
      offset: '1-0',
      customers: 10,
      rawBytes: 100,
      storedBytes: 50,
      readMs: 5,
      totalMs,
      store: 'folder',
    });
  const { lastHour } = await checkpointOverview(frozen, workspaceId);
  expect(lastHour).toMatchObject({ count: 3, totalMs: 7_200, spanMs: 12 * MINUTE_MS });
  // 7.2 s of work in 720 s.
  expect(lastHour?.overhead).toBeCloseTo(0.01, 12);
});
