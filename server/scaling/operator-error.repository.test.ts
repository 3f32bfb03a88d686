import { beforeAll, describe, expect, it } from 'vitest';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { readOperatorErrors } from './operator-error.repository';

let deps: Awaited<ReturnType<typeof testDeps>>;
let workspaceId: string;
let otherId: string;

beforeAll(async () => {
  deps = await testDeps();
  workspaceId = (await testWorkspace(deps, 'north')).workspaceId;
  otherId = (await testWorkspace(deps, 'south')).workspaceId;
  const thrown = (operator: string, minute: number) => ({
    reason: 'processor',
    detail: `The processors threw TypeError in ${operator}; the record was skipped.`,
    minute,
  });
  const refused = { reason: 'invalid', detail: 'It names no user in carts at all.', minute: 9 };
  const rows = [thrown('carts', 1), thrown('carts', 3), thrown('rules', 2), refused];
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.deadLetter.createMany({
      data: rows.map(({ reason, detail, minute }) => ({
        workspaceId,
        shardId: 1,
        position: `${minute}-0/0`,
        sourceId: 's',
        messageId: `m${minute}`,
        reason,
        detail,
        sample: '',
        eventAt: new Date(minute * 60_000),
        receivedAt: new Date(minute * 60_000),
      })),
    }),
  );
});

const idsOf = async (operator: string, workspace = workspaceId) =>
  (await readOperatorErrors(deps, workspace, operator)).map(({ messageId }) => messageId);

describe('errors of an operator', () => {
  it('are those it threw, newest first', async () => {
    expect(await idsOf('carts')).toEqual(['m3', 'm1']);
    expect(await idsOf('rules')).toEqual(['m2']);
    expect(await idsOf('visits')).toEqual([]);
  });

  it('of the collector are those it refused', async () => {
    expect(await idsOf('collector')).toEqual(['m9']);
  });

  it('belong to their workspace', async () => {
    expect(await idsOf('carts', otherId)).toEqual([]);
  });
});
