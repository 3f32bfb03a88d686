import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import type { Baseline } from './use-case.schema';
import type { Stage } from './use-case-stage.schema';

const WITH_ALL = {
  dpia: {
    select: {
      id: true,
      title: true,
      status: true,
      version: true,
      validUntil: true,
      signatures: { select: { version: true, verdict: true } },
    },
  },
  scores: { orderBy: { createdAt: 'asc' } },
  rules: { select: { id: true, name: true, enabled: true } },
} as const satisfies Prisma.UseCaseInclude;

type Row = Prisma.UseCaseGetPayload<{ include: typeof WITH_ALL }>;
export type UseCaseRow = Omit<Row, 'stage' | 'baseline'> & { stage: Stage; baseline: Baseline | null };

const rowOf = (row: Row): UseCaseRow => ({
  ...row,
  stage: row.stage as Stage,
  baseline: row.baseline as Baseline | null,
});

const MAX_USE_CASES = 500;

export async function listUseCases(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<UseCaseRow[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.useCase.findMany({
      where: { workspaceId },
      include: WITH_ALL,
      orderBy: [{ position: 'asc' }, { id: 'asc' }],
      take: MAX_USE_CASES,
    }),
  );
  return rows.map(rowOf);
}

export async function useCaseIn(
  tx: Transaction,
  workspaceId: string,
  id: string,
): Promise<UseCaseRow | null> {
  const row = await tx.useCase.findFirst({ where: { workspaceId, id }, include: WITH_ALL });
  return row === null ? null : rowOf(row);
}

export function findUseCase(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  id: string,
): Promise<UseCaseRow | null> {
  return withWorkspace(deps.db, workspaceId, (tx) => useCaseIn(tx, workspaceId, id));
}

export async function createUseCase(
  tx: Transaction,
  data: Prisma.UseCaseUncheckedCreateInput,
): Promise<void> {
  await tx.useCase.create({ data });
}

export async function updateUseCase(
  tx: Transaction,
  workspaceId: string,
  id: string,
  data: Prisma.UseCaseUncheckedUpdateManyInput,
): Promise<void> {
  await tx.useCase.updateMany({ where: { workspaceId, id }, data });
}

export async function deleteUseCase(tx: Transaction, workspaceId: string, id: string): Promise<void> {
  await tx.useCase.deleteMany({ where: { workspaceId, id } });
}

/** Titles of some use cases by id; the unknown are missing. */
export async function titlesOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.useCase.findMany({ where: { workspaceId, id: { in: [...ids] } }, select: { id: true, title: true } }),
  );
  return new Map(rows.map(({ id, title }) => [id, title]));
}

/** Positions of a column, in order. */
export function columnIn(
  tx: Transaction,
  workspaceId: string,
  stage: Stage,
): Promise<{ id: string; position: number }[]> {
  return tx.useCase.findMany({
    where: { workspaceId, stage },
    select: { id: true, position: true },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  });
}

export async function putScore(
  tx: Transaction,
  score: {
    id: string;
    workspaceId: string;
    useCaseId: string;
    userId: string;
    value: number;
    effort: number;
    note: string;
  },
): Promise<void> {
  const { id, value, effort, note, ...key } = score;
  await tx.useCaseScore.upsert({
    where: { useCaseId_userId: { useCaseId: key.useCaseId, userId: key.userId } },
    create: { id, value, effort, note, ...key },
    update: { value, effort, note },
  });
}

export interface Member {
  userId: string;
  name: string;
  role: string;
}

/** People of the workspace: who may own a use case. */
export async function membersOf(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<Member[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.membership.findMany({
      where: { workspaceId },
      select: { userId: true, role: true, user: { select: { name: true } } },
      take: 1_000,
    }),
  );
  return rows.map(({ userId, role, user }) => ({ userId, role, name: user.name }));
}

export async function isMember(tx: Transaction, workspaceId: string, userId: string): Promise<boolean> {
  return (await tx.membership.count({ where: { workspaceId, userId } })) > 0;
}

export async function dpiaExists(tx: Transaction, workspaceId: string, id: string): Promise<boolean> {
  return (await tx.dpia.count({ where: { workspaceId, id } })) === 1;
}

/** Assessments a use case may be bound to. */
export function dpiaChoices(deps: Pick<Deps, 'db'>, workspaceId: string) {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.dpia.findMany({
      where: { workspaceId },
      select: { id: true, title: true, status: true },
      orderBy: { title: 'asc' },
      take: 200,
    }),
  );
}

export interface MetricSpread {
  mean: number | null;
  low: number | null;
  high: number | null;
  samples: number;
}

/** Mean of a metric of the whole workspace over a span, and the middle four fifths of its samples. */
export async function spreadIn(
  tx: Transaction,
  workspaceId: string,
  metric: string,
  from: Date,
  to: Date,
): Promise<MetricSpread> {
  const [row] = await tx.$queryRaw<MetricSpread[]>`
    SELECT avg(value)::float8 AS mean, count(*)::int AS samples,
           percentile_cont(0.1) WITHIN GROUP (ORDER BY value) AS low,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY value) AS high
    FROM metric_samples
    WHERE workspace_id = ${workspaceId} AND metric = ${metric} AND dimension = '' AND at >= ${from} AND at < ${to}`;
  return row ?? { mean: null, low: null, high: null, samples: 0 };
}

export interface MetricNow {
  metric: string;
  value: number;
  at: Date;
}

/** Newest sample of each metric. */
export function newestSamples(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  metrics: readonly string[],
  since: Date,
): Promise<MetricNow[]> {
  return withWorkspace(
    deps.db,
    workspaceId,
    (tx) =>
      tx.$queryRaw<MetricNow[]>`
        SELECT m.metric, s.value, s.at FROM unnest(${[...metrics]}::text[]) AS m(metric)
        CROSS JOIN LATERAL (
          SELECT value, at FROM metric_samples
          WHERE workspace_id = ${workspaceId} AND metric = m.metric AND dimension = '' AND at >= ${since}
          ORDER BY at DESC LIMIT 1) s`,
  );
}

/** Means since each launch. */
export function meansSince(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  asks: readonly { id: string; metric: string; from: Date; to: Date }[],
): Promise<Map<string, number>> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    const means = new Map<string, number>();
    for (const { id, metric, from, to } of asks) {
      const { _avg } = await tx.metricSample.aggregate({
        where: { workspaceId, metric, dimension: '', at: { gte: from, lt: to } },
        _avg: { value: true },
      });
      if (_avg.value !== null) means.set(id, _avg.value);
    }
    return means;
  });
}
