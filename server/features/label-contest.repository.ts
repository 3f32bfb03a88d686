import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import type { SentimentLabel } from '@/server/processors/sentiment-label.schema';
import type { TurnContest, TurnPlace } from './label-contest.schema';

/** Contests of one customer that are shown at most. */
const MOST_OF_CUSTOMER = 500;

/** What the model said of the turn. */
export interface ModelWord {
  label: SentimentLabel;
  score: number;
  confidence: number;
  name: string;
  version: string;
}

export interface NewContest extends TurnPlace {
  model: ModelWord;
  label: SentimentLabel;
  reason: string | null;
  userId: string;
  at: Date;
}

/** Keeps a contest; who contests a turn again changes their word. */
export async function keepContest(
  tx: Transaction,
  newId: Deps['newId'],
  workspaceId: string,
  { customer, contactId, turnId, turnAt, model, ...word }: NewContest,
): Promise<string> {
  const turn = { workspaceId, customer, contactId, turnId, turnAt: new Date(turnAt) };
  const said = {
    modelLabel: model.label,
    modelScore: model.score,
    modelConfidence: model.confidence,
    model: model.name,
    modelVersion: model.version,
    ...word,
  };
  const { id } = await tx.labelContest.upsert({
    where: {
      workspaceId_customer_contactId_turnId_turnAt_userId: { ...turn, userId: word.userId },
    },
    create: { id: newId('contest'), ...turn, ...said },
    update: { ...said, withdrawnAt: null },
    select: { id: true },
  });
  return id;
}

/** A contest that stands; null when there is none, or it was withdrawn. */
export function standingContest(tx: Transaction, workspaceId: string, id: string) {
  return tx.labelContest.findFirst({ where: { workspaceId, id, withdrawnAt: null } });
}

export async function endContest(tx: Transaction, workspaceId: string, id: string, at: Date): Promise<void> {
  await tx.labelContest.updateMany({ where: { workspaceId, id }, data: { withdrawnAt: at } });
}

/** Contests that stand of a customer under any of these keys, oldest first. */
export async function contestsUnder(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
): Promise<TurnContest[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.labelContest.findMany({
      where: { workspaceId, customer: { in: [...keys] }, withdrawnAt: null },
      orderBy: { at: 'asc' },
      take: MOST_OF_CUSTOMER,
    }),
  );
  const names = await contesterNames(deps, rows);
  return rows.map(({ id, contactId, turnId, turnAt, label, reason, userId, at }) => ({
    id,
    contactId,
    turnId,
    turnAt: turnAt.getTime(),
    label: label as SentimentLabel,
    reason,
    userId,
    name: names.get(userId) ?? 'a former colleague',
    at: at.getTime(),
  }));
}

async function contesterNames(
  deps: Pick<Deps, 'db'>,
  rows: readonly { userId: string }[],
): Promise<Map<string, string>> {
  const ids = [...new Set(rows.map(({ userId }) => userId))];
  if (ids.length === 0) return new Map();
  const people = await deps.db.user.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true },
  });
  return new Map(people.map(({ id, name }) => [id, name]));
}
