import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import { type MetricDefinition, type MetricKey, metricByKey, metricHistory } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { dpiaObstacle } from '@/server/privacy/dpia-standing';
import { type Gap, launchGaps } from './launch-gaps';
import {
  dpiaChoices,
  listUseCases,
  type Member,
  meansSince,
  membersOf,
  newestSamples,
  type UseCaseRow,
} from './use-case.repository';
import type { Baseline } from './use-case.schema';
import { type ScoreSpread, spreadOf } from './use-case-score';
import { RUNNING_STAGES, type Stage } from './use-case-stage.schema';

export interface BoundMetric extends Pick<MetricDefinition, 'title' | 'unit' | 'window' | 'better'> {
  key: MetricKey;
  /** newest sample; null: none in the last hour */
  value: number | null;
  at: number | null;
  /** the last hour, oldest first; null where a sample is missing */
  course: { at: number; value: number | null }[];
}

export interface BoardCard {
  id: string;
  title: string;
  summary: string;
  stage: Stage;
  metric: BoundMetric | null;
  owner: { id: string; name: string | null } | null;
  dpia: { id: string; title: string; obstacle: string | null } | null;
  score: ScoreSpread | null;
  scores: { userId: string; name: string | null; value: number; effort: number; note: string }[];
  rules: { id: string; name: string; enabled: boolean }[];
  /** what keeps it from going live, or, when it is live, what has been lost since */
  gaps: Gap[];
  predictedChange: number | null;
  /** share of customers its rules leave alone, to compare with */
  holdoutPercent: number;
  launchedAt: number | null;
  baseline: Baseline | null;
  /** change of the metric since the launch against the baseline, in percent; `since`: start of the mean, ms */
  measuredChange: { percent: number; mean: number; since: number } | null;
  updatedAt: number;
}

const COURSE_MS = HOUR_MS;
const COURSE_POINTS = 40;
/** The mean since a launch is taken over a day at most, so that it follows what is now. */
const MEASURE_MS = DAY_MS;
/** Less than this after a launch says nothing. */
const FIRST_MEASURE_MS = 5 * MINUTE_MS;

/** The board: every use case with its evidence. */
export async function board(deps: Deps, workspaceId: string): Promise<{ cards: BoardCard[]; at: number }> {
  const now = deps.now();
  const rows = await listUseCases(deps, workspaceId);
  const [metrics, members, measured] = await Promise.all([
    boundMetrics(deps, workspaceId, rows, now),
    membersOf(deps, workspaceId),
    measuredMeans(deps, workspaceId, rows, now),
  ]);
  const names = new Map(members.map(({ userId, name }) => [userId, name]));
  return { at: now, cards: rows.map((row) => cardOf(row, { metrics, names, measured, now })) };
}

interface BoardParts {
  metrics: ReadonlyMap<string, BoundMetric>;
  names: ReadonlyMap<string, string>;
  measured: ReadonlyMap<string, number>;
  now: number;
}

function cardOf(row: UseCaseRow, { metrics, names, measured, now }: BoardParts): BoardCard {
  const facts = {
    ...row,
    ownerIsMember: row.ownerId !== null && names.has(row.ownerId),
    scores: row.scores.length,
  };
  return {
    id: row.id,
    title: row.title,
    summary: row.summary,
    stage: row.stage,
    metric: row.metric === null ? null : (metrics.get(row.metric) ?? null),
    owner: row.ownerId === null ? null : { id: row.ownerId, name: names.get(row.ownerId) ?? null },
    dpia: row.dpia && { id: row.dpia.id, title: row.dpia.title, obstacle: dpiaObstacle(row.dpia, now) },
    score: spreadOf(row.scores),
    scores: row.scores.map(({ userId, value, effort, note }) => ({
      userId,
      name: names.get(userId) ?? null,
      value,
      effort,
      note,
    })),
    rules: row.rules,
    gaps: row.stage === 'retired' ? [] : launchGaps(facts, now),
    predictedChange: row.predictedChange,
    holdoutPercent: row.holdoutPercent,
    launchedAt: row.launchedAt?.getTime() ?? null,
    baseline: baselineOf(row),
    measuredChange: measuredChange(row, measured.get(row.id), now),
    updatedAt: row.updatedAt.getTime(),
  };
}

/** What was usual before the launch; null once another metric is bound than it was taken of. */
function baselineOf({ baseline, metric }: UseCaseRow): Baseline | null {
  return baseline?.metric === metric ? baseline : null;
}

function measuredChange(row: UseCaseRow, mean: number | undefined, now: number): BoardCard['measuredChange'] {
  const before = baselineOf(row)?.mean;
  if (mean === undefined || row.launchedAt === null || !before) return null;
  return {
    mean,
    since: measuredFrom(row.launchedAt, now),
    percent: ((mean - before) / Math.abs(before)) * 100,
  };
}

const measuredFrom = (launchedAt: Date, now: number) => Math.max(launchedAt.getTime(), now - MEASURE_MS);

async function measuredMeans(
  deps: Deps,
  workspaceId: string,
  rows: readonly UseCaseRow[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const asks = rows.flatMap(({ id, metric, launchedAt, stage }) => {
    if (metric === null || launchedAt === null || !RUNNING_STAGES.has(stage)) return [];
    if (now - launchedAt.getTime() < FIRST_MEASURE_MS) return [];
    const from = new Date(measuredFrom(launchedAt, now));
    return [{ id, metric, from, to: new Date(now) }];
  });
  return asks.length === 0 ? new Map() : meansSince(deps, workspaceId, asks);
}

async function boundMetrics(
  deps: Deps,
  workspaceId: string,
  rows: readonly UseCaseRow[],
  now: number,
): Promise<ReadonlyMap<string, BoundMetric>> {
  const keys = [...new Set(rows.flatMap(({ metric }) => metric ?? []))].flatMap(
    (key) => metricByKey(key)?.key ?? [],
  );
  if (keys.length === 0) return new Map();
  const from = now - COURSE_MS;
  const [newest, courses] = await Promise.all([
    newestSamples(deps, workspaceId, keys, new Date(from)),
    metricHistory(deps, workspaceId, { metrics: keys, dimension: '', from, to: now, points: COURSE_POINTS }),
  ]);
  return new Map(keys.map((key) => [key, boundMetric(key, newest, courses.series)]));
}

function boundMetric(
  key: MetricKey,
  newest: Awaited<ReturnType<typeof newestSamples>>,
  courses: readonly { metric: string; points: BoundMetric['course'] }[],
): BoundMetric {
  const definition = metricByKey(key);
  const sample = newest.find(({ metric }) => metric === key);
  return {
    key,
    title: definition?.title ?? key,
    unit: definition?.unit ?? '',
    window: definition?.window ?? '',
    better: definition?.better ?? 'up',
    value: sample?.value ?? null,
    at: sample?.at.getTime() ?? null,
    course: courses.find(({ metric }) => metric === key)?.points ?? [],
  };
}

/** What the form offers: people who may own it and assessments it may stand under. */
export async function useCaseChoices(
  deps: Deps,
  workspaceId: string,
): Promise<{
  people: Member[];
  dpias: { id: string; title: string; status: string }[];
}> {
  const [people, dpias] = await Promise.all([membersOf(deps, workspaceId), dpiaChoices(deps, workspaceId)]);
  return { people, dpias };
}
