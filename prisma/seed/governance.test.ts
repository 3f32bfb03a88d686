import { beforeAll, expect, it } from 'vitest';
import { audiences } from '@/server/decisions/audience.service';
import { runningRules } from '@/server/decisions/running-rules.service';
import { ROLES, type Role } from '@/server/identity/policy';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { dpias } from '@/server/privacy/dpia.service';
import { type PrivacyFixture, privacyFixture, WORKSPACE } from '@/server/privacy/privacy-fixture';
import { board } from '@/server/use-cases/board.service';
import { seedGovernance } from './governance';

let fixture: PrivacyFixture;

beforeAll(async () => {
  fixture = await privacyFixture();
  const { db } = fixture.deps;
  for (const role of ROLES) {
    await db.user.create({ data: { id: `u_${role}`, email: `${role}@test`, name: role } });
    await withWorkspace(db, WORKSPACE, (tx) =>
      tx.membership.create({ data: { id: `m_${role}`, workspaceId: WORKSPACE, userId: `u_${role}`, role } }),
    );
  }
});

/** Dependencies that fail, as a killed process does, once they have given out so many ids. */
function cutOffAfter(count: number): Deps {
  let left = count;
  return {
    ...fixture.deps,
    newId: (prefix) => {
      if (left === 0) throw new Error('cut off');
      left -= 1;
      return fixture.deps.newId(prefix);
    },
  };
}

it('goes on where it was cut off, however often, and makes nothing twice', async () => {
  const people = Object.fromEntries(ROLES.map((role) => [role, `u_${role}`])) as Record<Role, string>;
  const ids = { workspaceId: WORKSPACE, people };
  const seed = (deps: Deps) =>
    seedGovernance(deps, ids).then(
      () => true,
      (error: Error) => {
        expect(error.message).toContain('cut off');
        return false;
      },
    );
  let attempts = 1;
  for (; !(await seed(cutOffAfter(attempts))); attempts += 1);
  expect(attempts).toBeGreaterThan(3);
  const { cards } = await board(fixture.deps, WORKSPACE);
  expect(cards.map(({ stage }) => stage).sort()).toEqual(
    ['approved', 'idea', 'live', 'live', 'live', 'scored', 'shadow'].sort(),
  );
  expect((await dpias(fixture.deps, WORKSPACE)).map(({ status }) => status).sort()).toEqual([
    'draft',
    'signed',
    'signed',
  ]);
  const rules = await runningRules(fixture.deps, WORKSPACE);
  expect(rules).toHaveLength(3);
  const isFor = Object.fromEntries(rules.map(({ name, audience }) => [name, audience?.name ?? null]));
  expect(isFor).toMatchObject({
    'Payment failed twice': null,
    'Large cart at checkout': 'Members of Plus and Premium',
  });
  expect(await audiences(fixture.deps, WORKSPACE)).toHaveLength(2);
});
