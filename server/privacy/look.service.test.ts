import { beforeAll, describe, expect, it } from 'vitest';
import { withWorkspace } from '@/server/platform/postgres';
import { writeAudit } from './audit.service';
import { notSoldSince } from './do-not-sell.schema';
import { exportLooks, looksPage } from './look.service';
import { type PrivacyFixture, privacyFixture, WORKSPACE } from './privacy-fixture';

let deps: PrivacyFixture['deps'];

async function look(actorId: string, subject: string, action = 'customer.viewed', reason?: string) {
  const actorKind = actorId.startsWith('key') ? 'key' : 'person';
  await writeAudit(deps, { workspaceId: WORKSPACE, actorKind, actorId, action, subject, reason });
}

beforeAll(async () => {
  ({ deps } = await privacyFixture());
  await deps.db.user.create({ data: { id: 'user_ada', name: 'Ada Brooks', email: 'ada@example.com' } });
  await withWorkspace(deps.db, WORKSPACE, (tx) =>
    tx.membership.create({ data: { id: 'm1', workspaceId: WORKSPACE, userId: 'user_ada', role: 'agent' } }),
  );
  await look('user_ada', 'u1');
  await look('user_ada', 'u1', 'customer.revealed', '=spelled("her name")');
  await look('key_crm', 'u1');
  await look('user_gone', 'u2');
  await look('user_ada', 'u1', 'customer.optedOut');
  await look('user_ada', 'ws', 'visits.listed');
});

const told = async (filter: { actorId?: string; customer?: string }) =>
  (await looksPage(deps, WORKSPACE, filter, { limit: 10 })).rows.map(
    ({ actorName, role, customer, inClear }) => [actorName, role, customer, inClear],
  );

describe('who saw which field of whom', () => {
  it('lists reads of customers alone, newest first, with the role and what stood there in clear', async () => {
    expect(await told({})).toEqual([
      [null, null, 'u2', false],
      [null, null, 'u1', true],
      ['Ada Brooks', 'agent', 'u1', true],
      ['Ada Brooks', 'agent', 'u1', false],
    ]);
  });

  it('narrows by person and by customer, and pages', async () => {
    expect(await told({ customer: 'u2' })).toHaveLength(1);
    expect(await told({ actorId: 'user_ada' })).toHaveLength(2);
    expect(await told({ actorId: 'user_ada', customer: 'u2' })).toEqual([]);
    const first = await looksPage(deps, WORKSPACE, {}, { limit: 3 });
    const second = await looksPage(deps, WORKSPACE, {}, { limit: 3, cursor: first.nextCursor ?? 0 });
    expect([first.rows.length, second.rows.length, second.nextCursor]).toEqual([3, 1, null]);
  });

  it('exports what a spreadsheet will not run', async () => {
    const csv = await exportLooks(deps, WORKSPACE, { actorId: 'user_ada' });
    const [head, reveal] = csv.split('\r\n');
    expect(head).toBe('seq,at,actorKind,actorId,actorName,role,customer,screen,fields,inClear,reason');
    expect(reveal).toContain(`,yes,"'=spelled(""her name"")"`);
  });

  it('shows nothing of another workspace', async () => {
    expect((await looksPage(deps, 'ws_other', {}, { limit: 10 })).rows).toEqual([]);
  });
});

describe('since when a person is not sold or shared', () => {
  const wish = (purpose: string, acknowledgedAt: string | null, optedIn = false) => ({
    purpose,
    acknowledgedAt,
    optedIn,
  });

  it('is when what such a request denies was denied, by itself or with everything', () => {
    const wishes = [wish('personalisation', '2026-03-02'), wish('marketing', '2026-03-01')];
    expect(notSoldSince(wishes)).toBe('2026-03-01');
    expect(notSoldSince([wish('profiling', '2026-03-03')])).toBe('2026-03-03');
  });

  it('is unknown while that was never in force', () => {
    expect(notSoldSince([wish('personalisation', '2026-03-01')])).toBeNull();
    expect(notSoldSince([wish('marketing', null), wish('marketing', '2026-03-01', true)])).toBeNull();
  });
});
