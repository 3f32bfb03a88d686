import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import type { Holdout } from '@/server/processors';
import type { RuleAudience } from './audience.schema';
import type { RuleAtVersion } from './compile-rule';
import type { RuleDefinition } from './rule.schema';
import type { RuleBinding } from './rule-standing';

const WITH_BINDING = {
  audience: { select: { id: true, version: true, name: true, condition: true } },
  useCase: {
    select: {
      id: true,
      title: true,
      stage: true,
      holdoutPercent: true,
      holdoutSalt: true,
      dpiaId: true,
      dpia: {
        select: {
          status: true,
          version: true,
          validUntil: true,
          content: true,
          signatures: { select: { version: true, verdict: true } },
        },
      },
    },
  },
} as const satisfies Prisma.RuleInclude;

type Row = Prisma.RuleGetPayload<{ include: typeof WITH_BINDING }>;

export interface RuleRow extends RuleAtVersion {
  enabled: boolean;
  updatedAt: Date;
  audience: RuleAudience | null;
  useCase: { id: string; title: string; stage: string; dpiaId: string | null } | null;
  binding: RuleBinding | null;
}

function rowOf({ useCase, definition: kept, id, version, name, enabled, updatedAt, audience }: Row): RuleRow {
  const definition = kept as unknown as RuleDefinition;
  const rule = { id, version, name, enabled, updatedAt, definition, audience };
  if (useCase === null) return { ...rule, useCase: null, binding: null };
  const { dpia, holdoutPercent, holdoutSalt, ...rest } = useCase;
  const holdout = holdoutOf(holdoutPercent, holdoutSalt);
  return {
    ...rule,
    useCase: rest,
    binding: { stage: rest.stage, holdout, dpia: dpia && signedRecord(dpia) },
  };
}

function holdoutOf(percent: number, salt: string | null): Holdout | null {
  return percent > 0 && salt !== null ? { percent, salt } : null;
}

function signedRecord({ content, ...dpia }: NonNullable<NonNullable<Row['useCase']>['dpia']>) {
  const { purposes } = content as { purposes?: string[] };
  return { ...dpia, purposes: purposes ?? [] };
}

const MAX_RULES = 500;

export async function listRules(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<RuleRow[]> {
  return withWorkspace(deps.db, workspaceId, (tx) => rulesIn(tx, workspaceId));
}

export async function rulesIn(tx: Transaction, workspaceId: string): Promise<RuleRow[]> {
  const rows = await tx.rule.findMany({
    where: { workspaceId },
    include: WITH_BINDING,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: MAX_RULES,
  });
  return rows.map(rowOf);
}

/** The rules that are for an audience. */
export async function rulesForAudience(
  tx: Transaction,
  workspaceId: string,
  audienceId: string,
): Promise<RuleRow[]> {
  const rows = await tx.rule.findMany({
    where: { workspaceId, audienceId },
    include: WITH_BINDING,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: MAX_RULES,
  });
  return rows.map(rowOf);
}

export async function ruleIn(tx: Transaction, workspaceId: string, id: string): Promise<RuleRow | null> {
  const row = await tx.rule.findFirst({ where: { workspaceId, id }, include: WITH_BINDING });
  return row === null ? null : rowOf(row);
}

export function findRule(deps: Pick<Deps, 'db'>, workspaceId: string, id: string): Promise<RuleRow | null> {
  return withWorkspace(deps.db, workspaceId, (tx) => ruleIn(tx, workspaceId, id));
}

export interface NewVersion {
  id: string;
  workspaceId: string;
  version: number;
  name: string;
  definition: RuleDefinition;
  useCaseId: string | null;
  /** whom this version is for, kept with it; null: everyone */
  audience: RuleAudience | null;
  userId: string;
  at: Date;
}

/** A rule with its first version, switched off. */
export async function createRule(tx: Transaction, rule: NewVersion): Promise<void> {
  const { id, workspaceId, name, definition, useCaseId, audience, userId } = rule;
  const audienceId = audience?.id ?? null;
  await tx.rule.create({
    data: {
      id,
      workspaceId,
      name,
      definition,
      useCaseId,
      audienceId,
      createdById: userId,
      enabled: false,
      version: 1,
    },
  });
  await createVersion(tx, rule);
}

async function createVersion(tx: Transaction, rule: NewVersion): Promise<void> {
  const { id, workspaceId, version, definition, audience, userId, at } = rule;
  await tx.ruleVersion.create({
    data: {
      id: `${id}@${version}`,
      workspaceId,
      ruleId: id,
      version,
      definition,
      ...(audience && { audience }),
      createdById: userId,
      createdAt: at,
    },
  });
}

/** Saves `rule.version` over the version before it; false when someone else was faster. */
export async function saveVersion(tx: Transaction, rule: NewVersion, enabled: boolean): Promise<boolean> {
  const { id, workspaceId, version, name, definition, useCaseId, audience } = rule;
  const { count } = await tx.rule.updateMany({
    where: { id, workspaceId, version: version - 1 },
    data: { name, definition, useCaseId, audienceId: audience?.id ?? null, version, enabled },
  });
  if (count === 1) await createVersion(tx, rule);
  return count === 1;
}

export async function setEnabled(
  tx: Transaction,
  workspaceId: string,
  id: string,
  enabled: boolean,
): Promise<void> {
  await tx.rule.updateMany({ where: { id, workspaceId }, data: { enabled } });
}

export async function deleteRule(tx: Transaction, workspaceId: string, id: string): Promise<void> {
  await tx.rule.deleteMany({ where: { id, workspaceId } });
}

/** Whom a use case leaves alone, as of its last launch; null: nobody. */
export async function findHoldout(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  useCaseId: string,
): Promise<Holdout | null> {
  const row = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.useCase.findFirst({
      where: { workspaceId, id: useCaseId },
      select: { holdoutPercent: true, holdoutSalt: true },
    }),
  );
  return row && holdoutOf(row.holdoutPercent, row.holdoutSalt);
}

export async function hasUseCase(tx: Transaction, workspaceId: string, id: string): Promise<boolean> {
  return (await tx.useCase.count({ where: { workspaceId, id } })) === 1;
}

export async function listVersions(deps: Pick<Deps, 'db'>, workspaceId: string, ruleId: string) {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.ruleVersion.findMany({ where: { workspaceId, ruleId }, orderBy: { version: 'desc' }, take: 100 }),
  );
  const people = await deps.db.user.findMany({
    where: { id: { in: [...new Set(rows.map(({ createdById }) => createdById))] } },
    select: { id: true, name: true },
  });
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return rows.map(({ version, definition, audience, createdById, createdAt }) => ({
    version,
    definition: definition as unknown as RuleDefinition,
    audience: audience as RuleAudience | null,
    by: names.get(createdById) ?? null,
    at: createdAt,
  }));
}

export interface RuleHits {
  ruleId: string;
  hits: number;
  /** of the hits: nothing was done, the customer is held out */
  heldOut: number;
  customers: number;
  lastAt: Date | null;
}

/** Decisions per rule since a time. */
export async function hitsSince(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  since: Date,
): Promise<RuleHits[]> {
  return withWorkspace(
    deps.db,
    workspaceId,
    (tx) =>
      tx.$queryRaw<RuleHits[]>`
        SELECT rule_id AS "ruleId", count(*)::int AS hits, count(*) FILTER (WHERE held_out)::int AS "heldOut",
               count(DISTINCT customer)::int AS customers, max(decided_at) AS "lastAt"
        FROM decisions WHERE workspace_id = ${workspaceId} AND decided_at >= ${since}
        GROUP BY rule_id`,
  );
}

/** When each of some rules last fired at all. */
export async function lastFired(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  ruleIds: readonly string[],
): Promise<Map<string, Date>> {
  const rows = await withWorkspace(
    deps.db,
    workspaceId,
    (tx) =>
      tx.$queryRaw<{ id: string; at: Date | null }[]>`
        SELECT r.id, (SELECT d.decided_at FROM decisions d
                      WHERE d.workspace_id = ${workspaceId} AND d.rule_id = r.id
                      ORDER BY d.decided_at DESC LIMIT 1) AS at
        FROM unnest(${[...ruleIds]}::text[]) AS r(id)`,
  );
  return new Map(rows.flatMap(({ id, at }) => (at === null ? [] : [[id, at] as const])));
}
