import { HOUR_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { announceDpia, reopenDpia, type Transaction, withAudit } from '@/server/privacy';
import { lockAudience } from './audience.repository';
import type { RuleAudience } from './audience.schema';
import { compileRule } from './compile-rule';
import {
  createRule,
  deleteRule,
  findRule,
  hasUseCase,
  hitsSince,
  lastFired,
  listRules,
  listVersions,
  type NewVersion,
  type RuleRow,
  ruleIn,
  saveVersion,
  setEnabled,
} from './rule.repository';
import type { RuleInput } from './rule.schema';
import { conflictsOf, type RuleConflict } from './rule-conflicts';
import { announceRules } from './rule-feed.connector';
import { ruleObstacles } from './rule-standing';

export interface Author {
  workspaceId: string;
  userId: string;
}

export interface RuleListItem extends Omit<RuleRow, 'binding'> {
  /** switched on and allowed: what the stream really runs */
  running: boolean;
  /** what forbids it to run, in words */
  obstacles: string[];
  conflicts: RuleConflict[];
  hitsLastHour: number;
  /** of the hits: nothing was done, the customer is in the use case's holdout */
  heldOutLastHour: number;
  customersLastHour: number;
  lastFiredAt: Date | null;
}

/** Every rule with what it did in the last hour and what keeps it from running. */
export async function ruleList(
  deps: Deps,
  workspaceId: string,
): Promise<{ rules: RuleListItem[]; at: number }> {
  const now = deps.now();
  const rows = await listRules(deps, workspaceId);
  const [hits, fired] = await Promise.all([
    hitsSince(deps, workspaceId, new Date(now - HOUR_MS)),
    lastFired(
      deps,
      workspaceId,
      rows.map(({ id }) => id),
    ),
  ]);
  const byRule = new Map(hits.map((hit) => [hit.ruleId, hit]));
  const enabled = rows.filter((row) => row.enabled);
  const rules = rows.map(({ binding, ...row }) => {
    const obstacles = ruleObstacles(row.definition, binding, now);
    const hit = byRule.get(row.id);
    return {
      ...row,
      running: row.enabled && obstacles.length === 0,
      obstacles,
      conflicts: conflictsOf(row, enabled),
      hitsLastHour: hit?.hits ?? 0,
      heldOutLastHour: hit?.heldOut ?? 0,
      customersLastHour: hit?.customers ?? 0,
      lastFiredAt: fired.get(row.id) ?? null,
    };
  });
  return { rules, at: now };
}

/** Saves a new rule, switched off. @throws Fault `bad_request` when an expression is faulty */
export async function addRule(deps: Deps, author: Author, input: RuleInput): Promise<{ id: string }> {
  const id = deps.newId('rule');
  compileRule({ id, version: 1, ...input });
  await withAudit(deps, author.workspaceId, async (tx, audit) => {
    const rule = await newVersion(tx, deps, author, { ...input, id, version: 1 });
    await createRule(tx, rule);
    await audit(noteOf(author, 'rule.created', id, detailsOf(rule)));
  });
  await announceRules(deps, author.workspaceId);
  return { id };
}

/** @throws Fault `bad_request` when its use case or its audience is none of the workspace */
async function newVersion(
  tx: Transaction,
  deps: Deps,
  { workspaceId, userId }: Author,
  { audienceId, ...rule }: RuleInput & { id: string; version: number },
): Promise<NewVersion> {
  const { useCaseId } = rule;
  if (useCaseId !== null && !(await hasUseCase(tx, workspaceId, useCaseId))) {
    throw new Fault('bad_request', 'There is no such use case.', {
      fields: [{ field: 'useCaseId', reason: 'unknown' }],
    });
  }
  const audience = audienceId === null ? null : await namedAudience(tx, workspaceId, audienceId);
  return { ...rule, audience, workspaceId, userId, at: new Date(deps.now()) };
}

/** The audience a rule names, held as it is until the rule is saved: else a change of it would miss the rule. */
async function namedAudience(tx: Transaction, workspaceId: string, id: string): Promise<RuleAudience> {
  const audience = await lockAudience(tx, workspaceId, id);
  if (audience !== null) return audience;
  throw new Fault('bad_request', 'There is no such audience.', {
    fields: [{ field: 'audienceId', reason: 'unknown' }],
  });
}

/** What the audit keeps of a version. */
export function detailsOf({ name, version, definition, audience }: NewVersion) {
  return { name, version, purpose: definition.purpose, audience: audience?.name ?? null };
}

export function noteOf(
  author: Author,
  action: string,
  subject: string,
  details: Record<string, string | number | null>,
) {
  return { actorKind: 'person' as const, actorId: author.userId, action, subject, details };
}

export interface SaveResult {
  version: number;
  enabled: boolean;
  /** why a rule that was on is off after the save */
  switchedOff: string[];
  /** an assessment that had been signed for another purpose is open again */
  reopenedDpia: boolean;
}

/**
 * Saves a new version. A change of purpose opens the signed DPIA again; a rule that may no longer run is switched off
 * in the same transaction.
 */
export async function editRule(
  deps: Deps,
  author: Author,
  { id, version, ...input }: RuleInput & { id: string; version: number },
): Promise<SaveResult> {
  const next = version + 1;
  compileRule({ id, version: next, ...input });
  const { workspaceId } = author;
  const saved = await withAudit(deps, workspaceId, async (tx, audit) => {
    const rule = await newVersion(tx, deps, author, { ...input, id, version: next });
    const before = existing(await ruleIn(tx, workspaceId, id));
    if (!(await saveVersion(tx, rule, before.enabled))) {
      throw new Fault(
        'conflict',
        'Someone else saved this rule meanwhile: read it again. Nothing was saved.',
      );
    }
    await audit(noteOf(author, 'rule.edited', id, detailsOf(rule)));
    const reopened = await reopenForPurpose(tx, audit, author, before, input);
    const after = existing(await ruleIn(tx, workspaceId, id));
    const switchedOff = before.enabled ? ruleObstacles(after.definition, after.binding, deps.now()) : [];
    if (switchedOff.length > 0) {
      await setEnabled(tx, workspaceId, id, false);
      await audit({ ...noteOf(author, 'rule.disabled', id, {}), reason: switchedOff.join('; ') });
    }
    return { version: next, enabled: before.enabled && switchedOff.length === 0, switchedOff, reopened };
  });
  await announceRules(deps, workspaceId);
  for (const dpiaId of saved.reopened) announceDpia(deps, workspaceId, dpiaId, 'reopened');
  return { ...saved, reopenedDpia: saved.reopened.length > 0 };
}

type Audit = Parameters<Parameters<typeof withAudit>[2]>[1];

/** Ids of assessments opened again by a new purpose. */
async function reopenForPurpose(
  tx: Transaction,
  audit: Audit,
  author: Author,
  before: RuleRow,
  input: RuleInput,
): Promise<string[]> {
  const { purpose } = input.definition;
  const dpiaId = before.useCase?.dpiaId;
  if (!dpiaId || purpose === before.definition.purpose) return [];
  const reason = `Purpose of rule "${input.name}" changed from ${before.definition.purpose} to ${purpose}`;
  return (await reopenDpia(tx, audit, { ...author, id: dpiaId, reason })) ? [dpiaId] : [];
}

function existing(row: RuleRow | null): RuleRow {
  if (row === null) throw new Fault('not_found', 'There is no such rule.');
  return row;
}

/** Switches a rule on or off. @throws Fault `conflict` listing everything that forbids it to run */
export async function switchRule(
  deps: Deps,
  author: Author,
  { id, enabled }: { id: string; enabled: boolean },
): Promise<void> {
  const { workspaceId } = author;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const row = existing(await ruleIn(tx, workspaceId, id));
    if (enabled) refuseObstacles(ruleObstacles(row.definition, row.binding, deps.now()));
    await setEnabled(tx, workspaceId, id, enabled);
    await audit(
      noteOf(author, enabled ? 'rule.enabled' : 'rule.disabled', id, {
        version: row.version,
        name: row.name,
      }),
    );
  });
  await announceRules(deps, workspaceId);
}

function refuseObstacles(obstacles: readonly string[]): void {
  if (obstacles.length === 0) return;
  throw new Fault('conflict', `The rule stays off: ${obstacles.join('; ')}.`, {
    fields: obstacles.map((reason) => ({ field: 'enabled', reason })),
  });
}

/** Removes a rule with its versions; decisions keep what they decided. */
export async function removeRule(deps: Deps, author: Author, id: string): Promise<void> {
  await withAudit(deps, author.workspaceId, async (tx, audit) => {
    const row = existing(await ruleIn(tx, author.workspaceId, id));
    await deleteRule(tx, author.workspaceId, id);
    await audit(noteOf(author, 'rule.removed', id, { name: row.name, version: row.version }));
  });
  await announceRules(deps, author.workspaceId);
}

/** @throws Fault `not_found` */
export async function ruleVersions(deps: Deps, workspaceId: string, id: string) {
  existing(await findRule(deps, workspaceId, id));
  return listVersions(deps, workspaceId, id);
}
