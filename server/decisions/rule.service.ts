import { CONFIG_CHANNEL } from '@/server/core/config-channel';
import { HOUR_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { announceDpia, reopenDpia, type Transaction, withAudit } from '@/server/privacy';
import type { RuleSet } from '@/server/processors';
import { compileRule, type RuleAtVersion } from './compile-rule';
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
import { createRuleSet } from './rule-set';
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
  const rule = versionOf(deps, author, id, 1, input);
  await withAudit(deps, author.workspaceId, async (tx, audit) => {
    await refuseUnknownUseCase(tx, rule);
    await createRule(tx, rule);
    await audit(noteOf(author, 'rule.created', id, { name: input.name, purpose: input.definition.purpose }));
  });
  await announceRules(deps, author.workspaceId);
  return { id };
}

function versionOf(deps: Deps, author: Author, id: string, version: number, input: RuleInput): NewVersion {
  return { ...input, id, version, ...author, at: new Date(deps.now()) };
}

async function refuseUnknownUseCase(tx: Transaction, { workspaceId, useCaseId }: NewVersion): Promise<void> {
  if (useCaseId !== null && !(await hasUseCase(tx, workspaceId, useCaseId))) {
    throw new Fault('bad_request', 'There is no such use case.', {
      fields: [{ field: 'useCaseId', reason: 'unknown' }],
    });
  }
}

function noteOf(
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
  const rule = versionOf(deps, author, id, next, input);
  const saved = await withAudit(deps, workspaceId, async (tx, audit) => {
    await refuseUnknownUseCase(tx, rule);
    const before = existing(await ruleIn(tx, workspaceId, id));
    if (!(await saveVersion(tx, rule, before.enabled))) {
      throw new Fault(
        'conflict',
        'Someone else saved this rule meanwhile: read it again. Nothing was saved.',
      );
    }
    const details = { name: input.name, version: next, purpose: input.definition.purpose };
    await audit(noteOf(author, 'rule.edited', id, details));
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

async function announceRules(deps: Deps, workspaceId: string): Promise<void> {
  await deps.queueRedis.publish(CONFIG_CHANNEL, JSON.stringify({ workspaceId, what: 'rules' }));
}

/** Rules the stream is to run now: switched on, and still allowed. Read anew when they change, and at least every minute. */
export async function runningRules(
  deps: Pick<Deps, 'db' | 'now'>,
  workspaceId: string,
): Promise<RuleAtVersion[]> {
  return (await runningRows(deps, workspaceId)).map(ruleAtVersion);
}

function ruleAtVersion({ id, version, name, definition, useCase, binding }: RuleRow): RuleAtVersion {
  const holdout = binding?.holdout ?? undefined;
  return { id, version, name, definition, useCaseId: useCase?.id, holdout };
}

async function runningRows(deps: Pick<Deps, 'db' | 'now'>, workspaceId: string): Promise<RuleRow[]> {
  const rows = await listRules(deps, workspaceId);
  const now = deps.now();
  return rows.filter((row) => row.enabled && ruleObstacles(row.definition, row.binding, now).length === 0);
}

export interface LoadedRules {
  /** changes whenever the set would */
  version: string;
  /** ms: when the first signature that the set stands on lapses; null: none does */
  changesAt: number | null;
  make(): RuleSet;
}

/** What the runtime keeps per workspace: a version to compare, and the compiled set made only when it changed. */
export async function loadRules(deps: Pick<Deps, 'db' | 'now'>, workspaceId: string): Promise<LoadedRules> {
  const rules = await runningRows(deps, workspaceId);
  const version = rules.map(versionText).sort().join(',');
  const lapses = rules.flatMap(({ binding }) => binding?.dpia?.validUntil?.getTime() ?? []);
  return {
    version,
    changesAt: lapses.length === 0 ? null : Math.min(...lapses),
    make: () => createRuleSet(rules.map(ruleAtVersion).filter(compiles)),
  };
}

/** A use case launched anew draws another holdout, though none of its rules changed. */
function versionText({ id, version, binding }: RuleRow): string {
  const holdout = binding?.holdout;
  return holdout ? `${id}@${version}%${holdout.percent}:${holdout.salt}` : `${id}@${version}`;
}

/** A rule saved by an older release may use what is no longer offered: it must not stop the others. */
function compiles(rule: RuleAtVersion): boolean {
  try {
    compileRule(rule);
    return true;
  } catch {
    return false;
  }
}
