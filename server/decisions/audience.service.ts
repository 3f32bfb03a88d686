import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { type Transaction, withAudit } from '@/server/privacy';
import {
  type AudienceRow,
  audienceIn,
  claimAudience,
  countAudiences,
  deleteAudience,
  insertAudience,
  isNameTaken,
  listAudiences,
  namesOf,
  updateAudience,
} from './audience.repository';
import { type AudienceInput, MAX_AUDIENCES, type RuleAudience } from './audience.schema';
import { compileAudience } from './compile-audience';
import { rulesForAudience, saveVersion } from './rule.repository';
import { type Author, detailsOf, noteOf } from './rule.service';
import { announceRules } from './rule-feed.connector';

export interface AudienceItem extends Omit<AudienceRow, 'updatedById'> {
  /** who changed it last; null: a former member */
  updatedBy: string | null;
}

/** Every audience with the rules that are for it. */
export async function audiences(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<AudienceItem[]> {
  const rows = await listAudiences(deps, workspaceId);
  const names = await namesOf(
    deps,
    rows.map(({ updatedById }) => updatedById),
  );
  return rows.map(({ updatedById, ...row }) => ({ ...row, updatedBy: names.get(updatedById) ?? null }));
}

/** @throws Fault `bad_request` for a faulty condition, `conflict` when the name is taken or there are too many */
export async function addAudience(deps: Deps, author: Author, input: AudienceInput): Promise<{ id: string }> {
  compileAudience(input);
  const { workspaceId, userId } = author;
  const id = deps.newId('aud');
  await withAudit(deps, workspaceId, async (tx, audit) => {
    if ((await countAudiences(tx, workspaceId)) >= MAX_AUDIENCES) {
      throw new Fault('conflict', `A workspace has at most ${MAX_AUDIENCES} audiences. Remove one first.`);
    }
    await requireFreeName(tx, workspaceId, input.name, null);
    await insertAudience(tx, { ...input, id, workspaceId, updatedById: userId });
    await audit(noteOf(author, 'audience.created', id, { ...input }));
  });
  await announceRules(deps, workspaceId);
  return { id };
}

async function requireFreeName(
  tx: Transaction,
  workspaceId: string,
  name: string,
  except: string | null,
): Promise<void> {
  if (!(await isNameTaken(tx, workspaceId, name, except))) return;
  throw new Fault('conflict', 'Another audience has this name.', {
    fields: [{ field: 'name', reason: 'taken' }],
  });
}

export interface AudienceSaved {
  version: number;
  /** rules that got a new version because the condition changed */
  rules: number;
}

/**
 * Changes an audience from the version the person saw. A changed condition makes a new version of every rule that is for
 * it, in the same transaction: a decision points at a version of a rule, and thereby at the condition it was made by.
 * @throws Fault `conflict` when somebody else changed it or one of its rules meanwhile, `not_found` when it is gone
 */
export async function editAudience(
  deps: Deps,
  author: Author,
  { id, version, ...input }: AudienceInput & { id: string; version: number },
): Promise<AudienceSaved> {
  compileAudience(input);
  const { workspaceId, userId } = author;
  const saved = await withAudit(deps, workspaceId, async (tx, audit) => {
    const before = existing(await audienceIn(tx, workspaceId, id));
    await requireFreeName(tx, workspaceId, input.name, id);
    if (!(await updateAudience(tx, { id, workspaceId, version }, input, userId))) throw savedMeanwhile();
    const next = { id, version: version + 1, name: input.name, condition: input.condition };
    const isSame = before.condition === input.condition;
    const rules = isSame ? 0 : await renewRules(tx, audit, deps, author, next);
    await audit(noteOf(author, 'audience.edited', id, { ...input, version: next.version, rules }));
    return { version: next.version, rules };
  });
  await announceRules(deps, workspaceId);
  return saved;
}

type Audit = Parameters<Parameters<typeof withAudit>[2]>[1];

/** @returns how many rules got a new version */
async function renewRules(
  tx: Transaction,
  audit: Audit,
  deps: Deps,
  author: Author,
  audience: RuleAudience,
): Promise<number> {
  const { workspaceId, userId } = author;
  const rules = await rulesForAudience(tx, workspaceId, audience.id);
  const at = new Date(deps.now());
  for (const { id, name, definition, version, useCase, enabled } of rules) {
    const useCaseId = useCase?.id ?? null;
    const rule = { id, name, definition, useCaseId, audience, version: version + 1, workspaceId, userId, at };
    if (!(await saveVersion(tx, rule, enabled))) throw savedMeanwhile();
    const note = noteOf(author, 'rule.edited', id, detailsOf(rule));
    await audit({ ...note, reason: `The condition of its audience changed` });
  }
  return rules.length;
}

function savedMeanwhile(): Fault {
  return new Fault(
    'conflict',
    'Someone else saved this audience, or a rule that is for it, meanwhile: read it again. Nothing was saved.',
  );
}

function existing(row: AudienceRow | null): AudienceRow {
  if (row === null) throw new Fault('not_found', 'There is no such audience.');
  return row;
}

/** @throws Fault `conflict` while rules are for it, naming them; `not_found` when it is gone already */
export async function removeAudience(deps: Deps, author: Author, id: string): Promise<void> {
  const { workspaceId } = author;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await claimAudience(tx, workspaceId, id);
    const { name, version, condition, rules } = existing(await audienceIn(tx, workspaceId, id));
    if (rules.length > 0) {
      const names = rules.map((rule) => `"${rule.name}"`).join(', ');
      throw new Fault('conflict', `Rules are for this audience: ${names}. Give them another one first.`);
    }
    await deleteAudience(tx, workspaceId, id);
    await audit(noteOf(author, 'audience.removed', id, { name, version, condition }));
  });
  await announceRules(deps, workspaceId);
}
