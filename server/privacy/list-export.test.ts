import { beforeAll, describe, expect, it } from 'vitest';
import { createCaller } from '@/server/api/root';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { listAudit } from './audit.service';

let deps: Deps;
let north: Awaited<ReturnType<typeof testWorkspace>>;

beforeAll(async () => {
  deps = await testDeps();
  north = await testWorkspace(deps, 'north');
});

const as = (role: 'agent' | 'ops') => createCaller({ actor: north.actor(role), deps });

describe('a list that is saved as a file', () => {
  it('goes on record with how much of it left', async () => {
    await as('agent').privacy.noteExport({ list: 'queue', rows: 12 });
    const { rows } = await listAudit(deps, north.workspaceId, { action: 'list.exported' }, { limit: 10 });
    expect(rows).toMatchObject([
      { actorId: north.actor('agent').userId, subject: 'queue', details: { rows: 12 } },
    ]);
  });

  it('is one the role may see', async () => {
    const refused = as('ops').privacy.noteExport({ list: 'queue', rows: 12 });
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
