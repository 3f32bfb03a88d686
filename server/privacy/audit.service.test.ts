import { beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '@/server/platform/pg-client';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { exportAudit, listAudit, verifyAudit, writeAudit } from './audit.service';
import { readAnchor, writeAnchor } from './audit-anchor.connector';
import { entryHash } from './audit-chain';
import { type PrivacyFixture, privacyFixture, WORKSPACE } from './privacy-fixture';

let fixture: PrivacyFixture;
beforeAll(async () => {
  fixture = await privacyFixture();
});

const note = (action: string, subject = 'u1') =>
  writeAudit(fixture.deps, { workspaceId: WORKSPACE, actorKind: 'system', actorId: 'test', action, subject });

/** Changes the table as someone with the owner's rights could, past grants and row-level security. */
function tamper(sql: string): Promise<unknown> {
  return withClient(fixture.ownerUrl, async (client) => {
    await client.query('ALTER TABLE audit_entries NO FORCE ROW LEVEL SECURITY');
    await client.query(sql);
    await client.query('ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY');
  });
}

/** Writes the chain anew from a number on, as someone would who knows how it is made. */
async function rewriteFrom(seq: number): Promise<void> {
  const { rows } = await listAudit(fixture.deps, WORKSPACE, {}, { limit: 200 });
  const chain = rows.toReversed();
  let prevHash = chain.find((entry) => entry.seq === seq - 1)?.hash ?? '';
  for (const entry of chain.filter((one) => one.seq >= seq)) {
    const changed = { ...entry, reason: entry.seq === seq ? 'other' : entry.reason, prevHash };
    const hash = entryHash(changed);
    await tamper(
      `UPDATE audit_entries SET reason = ${changed.reason === null ? 'NULL' : `'${changed.reason}'`},
         prev_hash = '${prevHash}', hash = '${hash}' WHERE seq = ${entry.seq}`,
    );
    prevHash = hash;
  }
}

describe('audit', () => {
  it('numbers concurrent entries without gap or fork, and verifies', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => note(`thing.${i % 2 ? 'changed' : 'read'}`)));
    const { rows } = await listAudit(fixture.deps, WORKSPACE, {}, { limit: 100 });
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, i) => 30 - i));
    await until(async () => (await readAnchor(fixture.deps.logRedis, WORKSPACE))?.seq === 30);
    expect(await verifyAudit(fixture.deps, WORKSPACE)).toMatchObject({
      verified: 30,
      broken: null,
      anchoredSeq: 30,
    });
  });

  it('filters, pages and exports', async () => {
    const first = await listAudit(fixture.deps, WORKSPACE, { action: 'thing.read' }, { limit: 10 });
    const second = await listAudit(
      fixture.deps,
      WORKSPACE,
      { action: 'thing.read' },
      { limit: 10, cursor: first.nextCursor ?? 0 },
    );
    expect([first.rows.length, second.rows.length, second.nextCursor]).toEqual([10, 5, null]);
    await note('thing.exported', '=cmd()');
    const csv = await exportAudit(fixture.deps, WORKSPACE, { subject: '=cmd()' });
    expect(csv.split('\r\n')[1]).toContain(",'=cmd(),");
  });

  it('shows a chain that was written anew, also after it went on', async () => {
    const before = await listAudit(fixture.deps, WORKSPACE, {}, { limit: 1 });
    const last = before.rows[0]?.seq ?? 0;
    await until(async () => (await readAnchor(fixture.deps.logRedis, WORKSPACE))?.seq === last);
    await tamper('CREATE TABLE kept_audit AS SELECT * FROM audit_entries');
    await rewriteFrom(last - 3);
    await note('thing.read');
    await until(async () => (await readAnchor(fixture.deps.logRedis, WORKSPACE))?.seq === last + 1);
    const { broken } = await verifyAudit(fixture.deps, WORKSPACE);
    expect(broken?.why).toBe('changed');
    expect(broken?.seq).toBeLessThanOrEqual(last);
    await tamper('DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept_audit');
    await fixture.deps.logRedis.del(`audit:head:${WORKSPACE}`);
    await writeAnchor(fixture.deps.logRedis, WORKSPACE, {
      seq: last,
      hash: before.rows[0]?.hash ?? '',
    });
    expect((await verifyAudit(fixture.deps, WORKSPACE)).broken).toBeNull();
  });

  it('shows a changed entry, a removed one and a cut tail', async () => {
    await until(async () => (await readAnchor(fixture.deps.logRedis, WORKSPACE))?.seq === 31);
    await tamper("UPDATE audit_entries SET reason = 'other' WHERE seq = 7");
    expect((await verifyAudit(fixture.deps, WORKSPACE)).broken).toEqual({ seq: 7, why: 'changed' });
    await tamper('UPDATE audit_entries SET reason = NULL WHERE seq = 7');
    expect((await verifyAudit(fixture.deps, WORKSPACE)).broken).toBeNull();
    await tamper('DELETE FROM audit_entries WHERE seq = 31');
    expect((await verifyAudit(fixture.deps, WORKSPACE)).broken).toEqual({ seq: 31, why: 'cutTail' });
    await note('thing.read');
    await note('thing.read');
    await until(async () => (await readAnchor(fixture.deps.logRedis, WORKSPACE))?.seq === 32);
    expect((await verifyAudit(fixture.deps, WORKSPACE)).broken).toEqual({ seq: 31, why: 'changed' });
    await tamper('DELETE FROM audit_entries WHERE seq = 12');
    expect((await verifyAudit(fixture.deps, WORKSPACE)).broken).toEqual({ seq: 12, why: 'missing' });
    await tamper('DELETE FROM audit_entries WHERE seq < 12');
    expect((await verifyAudit(fixture.deps, WORKSPACE)).broken).toEqual({ seq: 1, why: 'missing' });
    await tamper('DELETE FROM audit_entries');
    expect((await verifyAudit(fixture.deps, WORKSPACE)).broken).toEqual({ seq: 1, why: 'cutTail' });
  });

  it('calls people and the keys of programs by name', async () => {
    const { deps } = fixture;
    await deps.db.user.create({ data: { id: 'user_ada', name: 'Ada Brooks', email: 'ada@example.com' } });
    await withWorkspace(deps.db, WORKSPACE, (tx) =>
      tx.apiKey.create({
        data: { id: 'key_crm', workspaceId: WORKSPACE, name: 'CRM', keyHash: 'crm', keyHint: 'mk_…' },
      }),
    );
    const by = { workspaceId: WORKSPACE, action: 'thing.named', subject: 'u1' };
    await writeAudit(deps, { ...by, actorKind: 'person', actorId: 'user_ada' });
    await writeAudit(deps, { ...by, actorKind: 'key', actorId: 'key_crm' });
    await writeAudit(deps, { ...by, actorKind: 'system', actorId: 'sweep' });
    const { rows } = await listAudit(deps, WORKSPACE, { action: 'thing.named' }, { limit: 10 });
    expect(rows.map(({ actorName }) => actorName)).toEqual([null, 'API key “CRM”', 'Ada Brooks']);
  });
});
