import { DAY_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { PersonActor } from '@/server/identity';
import { may } from '@/server/identity/policy';
import type { Deps } from '@/server/platform/deps';
import { type Transaction, withAudit } from '@/server/privacy';
import { announceBoard } from './board-feed.connector';
import { type Gap, type LaunchFacts, moveGaps, stageGaps } from './launch-gaps';
import type { RoundScore } from './round.schema';
import {
  columnIn,
  createUseCase,
  deleteUseCase,
  dpiaExists,
  isMember,
  putScore,
  spreadIn,
  type UseCaseRow,
  updateUseCase,
  useCaseIn,
} from './use-case.repository';
import type { Baseline, UseCaseInput } from './use-case.schema';
import {
  APPROVED_STAGES,
  FEWEST_BASELINE_SAMPLES,
  RUNNING_STAGES,
  type Stage,
} from './use-case-stage.schema';

export type Author = Pick<PersonActor, 'workspaceId' | 'userId' | 'role'>;

/** How far back the metric's ordinary level is taken from at launch. */
const BASELINE_MS = 7 * DAY_MS;

const UNKNOWN = { mean: null, low: null, high: null };

export async function addUseCase(deps: Deps, author: Author, input: UseCaseInput): Promise<{ id: string }> {
  const id = deps.newId('usecase');
  const { workspaceId, userId } = author;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await refuseForeign(tx, workspaceId, input);
    const column = await columnIn(tx, workspaceId, 'idea');
    const position = (column.at(-1)?.position ?? 0) + 1;
    await createUseCase(tx, { id, workspaceId, ...input, stage: 'idea', position, createdById: userId });
    await audit(noteOf(author, 'useCase.created', id, { title: input.title }));
  });
  announceBoard(deps, workspaceId, { id, stage: 'idea' });
  return { id };
}

function noteOf(
  author: Author,
  action: string,
  subject: string,
  details: Record<string, string | number | null>,
) {
  return { actorKind: 'person' as const, actorId: author.userId, action, subject, details };
}

/** An owner or assessment of another workspace is unknown here. */
async function refuseForeign(tx: Transaction, workspaceId: string, input: UseCaseInput): Promise<void> {
  const unknown = (field: string, what: string): Fault =>
    new Fault('bad_request', `There is no such ${what}.`, { fields: [{ field, reason: 'unknown' }] });
  if (input.ownerId !== null && !(await isMember(tx, workspaceId, input.ownerId))) {
    throw unknown('ownerId', 'person in this workspace');
  }
  if (input.dpiaId !== null && !(await dpiaExists(tx, workspaceId, input.dpiaId))) {
    throw unknown('dpiaId', 'DPIA');
  }
}

function existing(row: UseCaseRow | null): UseCaseRow {
  if (row === null) throw new Fault('not_found', 'There is no such use case.');
  return row;
}

/** What the launch is judged by. */
export async function launchFacts(tx: Transaction, row: UseCaseRow): Promise<LaunchFacts> {
  return {
    metric: row.metric,
    predictedChange: row.predictedChange,
    ownerId: row.ownerId,
    ownerIsMember: row.ownerId !== null && (await isMember(tx, row.workspaceId, row.ownerId)),
    dpia: row.dpia,
    scores: row.scores.length,
  };
}

function refuse(gaps: readonly Gap[], sentence: string): void {
  if (gaps.length === 0) return;
  throw new Fault('conflict', `${sentence}: ${gaps.map(({ reason }) => reason).join('; ')}.`, {
    fields: [...gaps],
  });
}

/**
 * Saves what people write about it. What is approved keeps a metric and a prediction; a live use case also an owner and a
 * signed DPIA, and the very metric, prediction and holdout it was launched with: its effect is measured by them.
 */
export async function editUseCase(
  deps: Deps,
  author: Author,
  { id, ...input }: UseCaseInput & { id: string },
): Promise<void> {
  const { workspaceId } = author;
  const stage = await withAudit(deps, workspaceId, async (tx, audit) => {
    const before = existing(await useCaseIn(tx, workspaceId, id));
    await refuseForeign(tx, workspaceId, input);
    await updateUseCase(tx, workspaceId, id, input);
    const after = existing(await useCaseIn(tx, workspaceId, id));
    if (APPROVED_STAGES.has(after.stage)) await refuseNewGaps(deps, tx, before, after);
    if (RUNNING_STAGES.has(after.stage)) refuseOtherMeasure(before, after);
    await audit(noteOf(author, 'useCase.edited', id, { title: input.title }));
    return after.stage;
  });
  announceBoard(deps, workspaceId, { id, stage });
}

/** A change may not take away what the launch asked for; what was already missing does not forbid other edits. */
async function refuseNewGaps(
  deps: Deps,
  tx: Transaction,
  before: UseCaseRow,
  after: UseCaseRow,
): Promise<void> {
  const now = deps.now();
  const gapsOf = async (row: UseCaseRow) => stageGaps(await launchFacts(tx, row), row.stage, now);
  const known = new Set((await gapsOf(before)).map(({ field }) => field));
  const fresh = (await gapsOf(after)).filter(({ field }) => !known.has(field));
  const stage = RUNNING_STAGES.has(after.stage) ? 'live' : 'approved';
  refuse(fresh, `It is ${stage} and would lose what it needs`);
}

/** What a live use case is measured by. A prediction that was never made may still be. */
function refuseOtherMeasure(before: UseCaseRow, after: UseCaseRow): void {
  const changed = (field: 'metric' | 'predictedChange' | 'holdoutPercent') =>
    before[field] !== null && before[field] !== after[field];
  const gaps: Gap[] = [];
  if (changed('metric')) gaps.push({ field: 'metric', reason: 'the metric it was launched on stays' });
  if (changed('predictedChange')) gaps.push({ field: 'prediction', reason: 'what was predicted stays' });
  if (changed('holdoutPercent')) gaps.push({ field: 'holdout', reason: 'who is held out stays' });
  refuse(gaps, 'It is live and measured by this until it is retired');
}

/** Removes it, unless its rules act on customers. */
export async function removeUseCase(deps: Deps, author: Author, id: string): Promise<void> {
  const { workspaceId } = author;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const row = existing(await useCaseIn(tx, workspaceId, id));
    if (RUNNING_STAGES.has(row.stage)) throw new Fault('conflict', 'It is live: retire it first.');
    await deleteUseCase(tx, workspaceId, id);
    await audit(noteOf(author, 'useCase.removed', id, { title: row.title }));
  });
  announceBoard(deps, workspaceId, { id, stage: null });
}

/** One score a person; giving it again changes it. The first score moves an idea on to scored. */
export async function scoreUseCase(
  deps: Deps,
  author: Author,
  { id, ...score }: { id: string; value: number; effort: number; note: string },
): Promise<void> {
  const { workspaceId, userId } = author;
  const stage = await withAudit(deps, workspaceId, async (tx, audit) => {
    const row = existing(await useCaseIn(tx, workspaceId, id));
    await putScore(tx, { id: deps.newId('score'), workspaceId, useCaseId: id, userId, ...score });
    if (row.stage === 'idea') await updateUseCase(tx, workspaceId, id, { stage: 'scored' });
    await audit(noteOf(author, 'useCase.scored', id, { value: score.value, effort: score.effort }));
    return row.stage === 'idea' ? 'scored' : row.stage;
  });
  announceBoard(deps, workspaceId, { id, stage });
}

/** Puts the scores of a round on record, all or none. They stand beside those given alone, one a person. */
export async function recordScores(
  deps: Deps,
  workspaceId: string,
  { useCaseId, round, scores }: { useCaseId: string; round: string; scores: readonly RoundScore[] },
): Promise<void> {
  if (scores.length === 0) return;
  const stage = await withAudit(deps, workspaceId, async (tx, audit) => {
    const row = await useCaseIn(tx, workspaceId, useCaseId);
    if (row === null) return null;
    for (const { userId, value, effort, note } of scores) {
      await putScore(tx, { id: deps.newId('score'), workspaceId, useCaseId, userId, value, effort, note });
      const details = { value, effort, round };
      await audit({
        actorKind: 'person',
        actorId: userId,
        action: 'useCase.scored',
        subject: useCaseId,
        details,
      });
    }
    if (row.stage !== 'idea') return row.stage;
    await updateUseCase(tx, workspaceId, useCaseId, { stage: 'scored' });
    return 'scored';
  });
  if (stage !== null) announceBoard(deps, workspaceId, { id: useCaseId, stage });
}

export interface Move {
  id: string;
  stage: Stage;
  beforeId?: string | undefined;
}

/**
 * Moves a use case on the board: the one way to any stage, live included. To go live needs the right to launch, a
 * metric, a prediction, an owner and a signed, valid DPIA; it records the metric's baseline and draws the holdout.
 * @throws Fault `forbidden`, or `conflict` with everything that is missing
 */
export async function moveUseCase(deps: Deps, author: Author, move: Move): Promise<void> {
  const { workspaceId } = author;
  const { id, stage } = move;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const row = existing(await useCaseIn(tx, workspaceId, id));
    const launches = RUNNING_STAGES.has(stage) && !RUNNING_STAGES.has(row.stage);
    if (launches && !may(author.role, 'useCase.launch')) {
      throw new Fault('forbidden', `Your role (${author.role}) may not launch a use case.`);
    }
    const gaps = moveGaps(await launchFacts(tx, row), row.stage, stage, deps.now());
    refuse(gaps, launches ? 'It cannot go live yet' : 'It cannot move there yet');
    if (stage === 'measured' && row.stage !== 'live' && row.stage !== 'measured') {
      throw new Fault('conflict', 'Only what is live can be measured.');
    }
    const position = positionBefore(await columnIn(tx, workspaceId, stage), id, move.beforeId);
    const launch = launches ? await launchRecord(deps, tx, row) : {};
    await updateUseCase(tx, workspaceId, id, { stage, position, ...launch });
    if (stage !== row.stage) {
      const action = launches ? 'useCase.launched' : 'useCase.moved';
      await audit(noteOf(author, action, id, { from: row.stage, to: stage, title: row.title }));
    }
  });
  announceBoard(deps, workspaceId, { id, stage });
}

/** What the launch is measured by later: taken once, so that it does not drift. */
async function launchRecord(deps: Deps, tx: Transaction, row: UseCaseRow) {
  const to = new Date(deps.now());
  const from = new Date(to.getTime() - BASELINE_MS);
  const metric = row.metric ?? '';
  const spread = await spreadIn(tx, row.workspaceId, metric, from, to);
  const known = spread.samples >= FEWEST_BASELINE_SAMPLES ? spread : { ...UNKNOWN, samples: spread.samples };
  const baseline: Baseline = { ...known, metric, from: from.toISOString(), to: to.toISOString() };
  return { launchedAt: to, baseline: { ...baseline }, holdoutSalt: deps.newId('holdout') };
}

/** A number between those of the neighbours, so that no other card need be written. */
function positionBefore(
  column: readonly { id: string; position: number }[],
  id: string,
  beforeId: string | undefined,
): number {
  const others = column.filter((card) => card.id !== id);
  const at = others.findIndex((card) => card.id === beforeId);
  const next = at === -1 ? undefined : others[at]?.position;
  const previous = (at === -1 ? others.at(-1) : others[at - 1])?.position ?? (next ?? 1) - 1;
  return next === undefined ? previous + 1 : (previous + next) / 2;
}
