import { beforeAll, describe, expect, it } from 'vitest';
import type { Deps } from '@/server/platform/deps';
import { makeSetUpPath, setUp, setUpIsOpen } from './join.service';
import { ensureWorkspace, partitionsProblem } from './provision.service';
import { testBrowser, testDeps } from './testing/test-identity';

let deps: Deps;
beforeAll(async () => {
  deps = await testDeps();
});

const FORM = {
  name: 'First',
  email: 'first@north.test',
  password: 'correct horse battery',
  workspaceName: 'Nördlich & Co',
  region: 'eu-north',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
};

describe('the first run', () => {
  it('is opened by the newest link only, and once', async () => {
    const tokenOf = (path: string | null) => path?.replace('/setup?token=', '') ?? '';
    const older = tokenOf(await makeSetUpPath(deps));
    const token = tokenOf(await makeSetUpPath(deps));
    expect(await setUpIsOpen(deps, older)).toBe(false);
    await expect(setUp(deps, { ...FORM, token: older }, 16)).rejects.toMatchObject({ code: 'not_found' });

    const tries = await Promise.allSettled([
      setUp(deps, { ...FORM, token }, 16),
      setUp(deps, { ...FORM, token }, 16),
    ]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await deps.db.workspace.findMany({ select: { slug: true, currency: true } })).toEqual([
      { slug: 'nordlich-co', currency: 'EUR' },
    ]);
    expect(await deps.db.shard.findMany({ select: { region: true, partitions: true } })).toEqual([
      { region: 'eu-north', partitions: 16 },
    ]);

    const browser = testBrowser(deps);
    await browser.post('/sign-in/email', { email: FORM.email, password: FORM.password });
    expect(await browser.person()).toMatchObject({ role: 'admin', name: 'First' });
    expect(await makeSetUpPath(deps)).toBeNull();
    expect(await setUpIsOpen(deps, token)).toBe(false);
  });

  it('fixes the number of partitions', async () => {
    expect(await partitionsProblem(deps, 16)).toBeNull();
    expect(await partitionsProblem(deps, 64)).toMatch(/started with 16.*PARTITIONS=16/);
  });

  it('makes a workspace of a slug once', async () => {
    const wanted = {
      name: 'A',
      slug: 'a',
      currency: 'USD',
      timeZone: 'UTC',
      region: 'local',
      partitions: 16,
    };
    expect(await ensureWorkspace(deps, wanted)).toBe(await ensureWorkspace(deps, wanted));
  });
});
