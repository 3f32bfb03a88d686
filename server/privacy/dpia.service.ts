import { createHash } from 'node:crypto';
import { CONFIG_CHANNEL } from '@/server/core/config-channel';
import { Fault } from '@/server/core/fault';
import { canonicalJson, type JsonObject } from '@/server/core/json';
import type { Deps } from '@/server/platform/deps';
import type { Transaction } from './audit.repository';
import { withAudit } from './audit.service';
import {
  createDpia,
  createSignature,
  type DpiaRow,
  dpiaIn,
  findDpia,
  lastEditor,
  listDpias,
  otherOfficers,
  updateDpia,
} from './dpia.repository';
import { type DpiaContent, type DpiaInput, gapsOf, type SignDpia } from './dpia.schema';
import { publishPrivacy } from './privacy-feed.connector';

export interface Person {
  workspaceId: string;
  userId: string;
}

/** SHA-256 of what was signed: title and content in canonical form. */
export function contentHash(dpia: { title: string; content: DpiaContent }): string {
  return createHash('sha256')
    .update(canonicalJson({ title: dpia.title, content: dpia.content }))
    .digest('hex');
}

export const dpias = (deps: Pick<Deps, 'db'>, workspaceId: string): Promise<DpiaRow[]> =>
  listDpias(deps, workspaceId);

/** @throws Fault `not_found` */
export async function getDpia(deps: Pick<Deps, 'db'>, workspaceId: string, id: string): Promise<DpiaRow> {
  return existing(await findDpia(deps, workspaceId, id));
}

function existing(row: DpiaRow | null): DpiaRow {
  if (row === null) throw new Fault('not_found', 'There is no such DPIA.');
  return row;
}

/** @param told what the audit says besides, such as where it was taken from */
export async function addDpia(
  deps: Deps,
  person: Person,
  input: DpiaInput,
  told: JsonObject = {},
): Promise<{ id: string }> {
  const id = deps.newId('dpia');
  const { workspaceId, userId } = person;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await createDpia(tx, { id, workspaceId, ...input, createdById: userId });
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'dpia.created',
      subject: id,
      details: { title: input.title, contentHash: contentHash(input), ...told },
    });
  });
  announceDpia(deps, workspaceId, id, 'draft');
  return { id };
}

/** Saves a new version. A signed record is thereby open again: what was signed no longer is what it says. */
export async function editDpia(
  deps: Deps,
  person: Person,
  { id, version, ...input }: DpiaInput & { id: string; version: number },
  told: JsonObject = {},
): Promise<{ version: number }> {
  const { workspaceId, userId } = person;
  const status = await withAudit(deps, workspaceId, async (tx, audit) => {
    const row = existing(await dpiaIn(tx, workspaceId, id));
    const signed = row.status === 'signed' || row.status === 'reopened';
    const next = signed ? 'reopened' : 'draft';
    const data = { ...input, status: next, version: version + 1, ...(signed ? { validUntil: null } : {}) };
    await moved(updateDpia(tx, { workspaceId, id, version }, data));
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'dpia.edited',
      subject: id,
      details: { version: version + 1, contentHash: contentHash(input), ...told },
    });
    return next;
  });
  announceDpia(deps, workspaceId, id, status);
  return { version: version + 1 };
}

async function moved(update: Promise<boolean>): Promise<void> {
  if (!(await update)) {
    throw new Fault(
      'conflict',
      'Someone else changed this DPIA meanwhile: read it again. Nothing was saved.',
    );
  }
}

/** Asks for the officer's opinion. @throws Fault `bad_request` with what is still missing */
export async function submitDpia(
  deps: Deps,
  { workspaceId, userId }: Person,
  { id, version }: { id: string; version: number },
): Promise<void> {
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const row = existing(await dpiaIn(tx, workspaceId, id));
    refuseGaps(row);
    await moved(updateDpia(tx, { workspaceId, id, version }, { status: 'inReview' }));
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'dpia.submitted',
      subject: id,
      details: { version },
    });
  });
  announceDpia(deps, workspaceId, id, 'inReview');
}

function refuseGaps(row: DpiaRow): void {
  const gaps = gapsOf(row.content);
  if (gaps.length === 0) return;
  throw new Fault('bad_request', 'The DPIA is not complete.', {
    fields: gaps.map(({ section, message }) => ({ field: section, reason: message })),
  });
}

/**
 * Signs or rejects exactly the version that was read. Who edited it last may sign only where no other privacy officer
 * exists: four eyes wherever there are four.
 */
export async function signDpia(deps: Deps, { workspaceId, userId }: Person, input: SignDpia): Promise<void> {
  const status = input.verdict === 'approved' ? 'signed' : 'rejected';
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const row = existing(await dpiaIn(tx, workspaceId, input.id));
    if (status === 'signed') refuseGaps(row);
    await refuseOwnWork(tx, workspaceId, input.id, userId);
    const hash = contentHash(row);
    const at = new Date(deps.now());
    await createSignature(tx, {
      id: deps.newId('signature'),
      workspaceId,
      dpiaId: input.id,
      version: input.version,
      contentHash: hash,
      opinion: input.opinion,
      verdict: input.verdict,
      signedById: userId,
      signedAt: at,
    });
    const validUntil = status === 'signed' ? monthsAfter(at, input.validMonths) : null;
    const key = { workspaceId, id: input.id, version: input.version };
    await moved(updateDpia(tx, key, { status, validUntil, ...(status === 'signed' ? { dueAt: null } : {}) }));
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: status === 'signed' ? 'dpia.signed' : 'dpia.rejected',
      subject: input.id,
      reason: input.opinion,
      details: { version: input.version, contentHash: hash, validUntil: validUntil?.toISOString() ?? null },
    });
  });
  announceDpia(deps, workspaceId, input.id, status);
}

async function refuseOwnWork(
  tx: Transaction,
  workspaceId: string,
  id: string,
  userId: string,
): Promise<void> {
  if ((await lastEditor(tx, workspaceId, id)) !== userId) return;
  if ((await otherOfficers(tx, workspaceId, userId)) === 0) return;
  throw new Fault('forbidden', 'You edited this DPIA last: another privacy officer must sign it.');
}

function monthsAfter(at: Date, months: number): Date {
  const then = new Date(at);
  then.setUTCMonth(then.getUTCMonth() + months);
  return then;
}

/**
 * Opens signed assessments again because what they assessed has changed, such as the purpose of a rule. Runs in the
 * transaction that changes it, so that nothing runs under a signature for something else.
 */
export async function reopenDpia(
  tx: Transaction,
  audit: (note: {
    actorKind: 'person';
    actorId: string;
    action: string;
    subject: string;
    reason: string;
  }) => Promise<unknown>,
  change: Person & { id: string; reason: string },
): Promise<boolean> {
  const row = await dpiaIn(tx, change.workspaceId, change.id);
  if (row?.status !== 'signed') return false;
  const { workspaceId, id } = change;
  await moved(
    updateDpia(tx, { workspaceId, id, version: row.version }, { status: 'reopened', validUntil: null }),
  );
  await audit({
    actorKind: 'person',
    actorId: change.userId,
    action: 'dpia.reopened',
    subject: id,
    reason: change.reason,
  });
  return true;
}

/** Tells the open screens, and the stream: rules under an assessment that no longer holds stop. */
export function announceDpia(deps: Deps, workspaceId: string, id: string, status: string): void {
  publishPrivacy(deps.queueRedis, workspaceId, { kind: 'dpiaChanged', id, status }, deps.now());
  const changed = JSON.stringify({ workspaceId, what: 'rules' });
  void deps.queueRedis.publish(CONFIG_CHANNEL, changed).catch(() => undefined);
}
