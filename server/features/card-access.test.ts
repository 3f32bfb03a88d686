import { beforeAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { withAudit } from '@/server/privacy';
import { noteCardReadByKey } from './card-access.service';

let deps: Awaited<ReturnType<typeof testDeps>>;
let workspaceId: string;

beforeAll(async () => {
  deps = await testDeps();
  workspaceId = (await testWorkspace(deps, 'north')).workspaceId;
});

const note = (customer: string) => noteCardReadByKey(deps, { workspaceId, keyId: 'key_1' }, customer);
const markOf = (customer: string, keyId = 'key_1') => `cardRead:${workspaceId}:${keyId}:${customer}`;
const entries = (subject: string) =>
  withWorkspace(deps.db, workspaceId, (tx) =>
    tx.auditEntry.count({ where: { action: 'customer.viewed', subject } }),
  );

/** Keeps every other entry of the workspace's audit waiting until it is let go, and then takes its own back. */
async function auditHeld(): Promise<() => Promise<void>> {
  const gate = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holding = withAudit(deps, workspaceId, async (_tx, audit) => {
    await audit({ actorKind: 'system', actorId: 'test', action: 'test.held', subject: 'test' });
    held.resolve();
    await gate.promise;
  });
  await held.promise;
  return async () => {
    gate.resolve();
    await holding;
  };
}

describe('the mark of a card read', () => {
  it('stands for ten minutes only once the entry is written: no other read passes before', async () => {
    const release = await auditHeld();
    let passed = 0;
    const reads = [note('anna'), note('anna'), note('anna')].map((read) =>
      read.then(() => {
        passed += 1;
      }),
    );
    await until(() => deps.queueRedis.exists(markOf('anna')));
    // Where a read may pass it has passed by the time that another command was answered.
    for (let round = 0; round < 20; round += 1) await deps.queueRedis.ping();
    expect(passed).toBe(0);
    expect(await deps.queueRedis.pttl(markOf('anna'))).toBeLessThan(MINUTE_MS);
    await release();
    await Promise.all(reads);
    expect(await entries('anna')).toBe(1);
    expect(await deps.queueRedis.pttl(markOf('anna'))).toBeGreaterThan(9 * MINUTE_MS);
    await note('anna');
    expect(await entries('anna')).toBe(1);
  });

  it('is not left behind by an entry that failed, and nobody who waited passes by it', async () => {
    // No text of Postgres holds a NUL: the entry of this reader cannot be written.
    const reader = { workspaceId, keyId: 'key_\0' };
    const reads = [1, 2, 3].map(() => noteCardReadByKey(deps, reader, 'anna'));
    const ended = await Promise.allSettled(reads);
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await deps.queueRedis.exists(markOf('anna', 'key_\0'))).toBe(0);
  });

  it('that a process left when it died ends by itself within the minute', async () => {
    await deps.queueRedis.set(markOf('ben'), 'claim_of_the_dead', 'PX', 50);
    await note('ben');
    expect(await entries('ben')).toBe(1);
  });
});
