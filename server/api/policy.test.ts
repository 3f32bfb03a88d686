import { initTRPC } from '@trpc/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS, type Action, may, ROLES, TOPIC_ACTIONS } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { appRouter } from './root';
import { callProcedure, codeOf, type ListedProcedure, proceduresOf } from './testing/procedures';

const procedures = proceduresOf(appRouter);
let deps: Deps;
let north: Awaited<ReturnType<typeof testWorkspace>>;

beforeAll(async () => {
  deps = await testDeps();
  north = await testWorkspace(deps, 'north');
});

/** The procedures that name no action of the policy. */
function without(listed: readonly ListedProcedure[]): string[] {
  return listed.filter(({ action }) => !ACTIONS.includes(action as Action)).map(({ path }) => path);
}

describe('the policy', () => {
  it('is named by every procedure', () => {
    expect(procedures.length).toBeGreaterThan(30);
    expect(without(procedures)).toEqual([]);
  });

  it('finds a planted procedure that names none', () => {
    const t = initTRPC.create();
    const planted = t.router({ fine: t.router({ planted: t.procedure.query(() => 1) }) });
    expect(without(proceduresOf(planted))).toEqual(['fine.planted']);
  });

  it.each(procedures)('decides $path for every role', async ({ path, action }) => {
    for (const role of ROLES) {
      const call = callProcedure(path, { actor: north.actor(role), deps });
      const code = await codeOf(call(undefined));
      const allowed = may(role, action as Action);
      // Allowed calls may fail for want of input; they are never refused for the role.
      expect({ role, refused: code === 'FORBIDDEN' || code === 'UNAUTHORIZED' }).toEqual({
        role,
        refused: !allowed,
      });
    }
    expect(await codeOf(callProcedure(path, { actor: null, deps })(undefined))).toBe('UNAUTHORIZED');
  });

  it('opens every socket topic by an action that exists', () => {
    for (const action of Object.values(TOPIC_ACTIONS)) expect(ACTIONS).toContain(action);
  });

  it('gives nobody an action no screen of theirs needs', () => {
    expect(ROLES.filter((role) => may(role, 'dpia.sign'))).toEqual(['privacy']);
    expect(ROLES.filter((role) => may(role, 'people.write'))).toEqual(['admin']);
    expect(ROLES.filter((role) => may(role, 'subject.report'))).toEqual(['privacy', 'admin']);
    expect(ROLES.filter((role) => may(role, 'customer.reveal'))).not.toContain('stakeholder');
  });
});
