import { DAY_MS } from '@/server/core/durations';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { writeAudit } from '@/server/privacy';
import { lexiconSentiment, SENTIMENT_SCORE, type SentimentBenchmark } from '@/server/processors';
import { SENTIMENT_LABELS, type SentimentLabel } from '@/server/processors/sentiment-label.schema';
import type { CardView } from './card-view.schema';
import { readCustomers } from './customer.service';
import { QUALITY_PERIODS, type QualityPeriod } from './label-contest.schema';
import { type ContestRow, countContests, newestContests, scoredTurns } from './label-quality.repository';
import { maskCard, maskKey, maskText } from './mask';

const PERIOD_MS: Record<QualityPeriod, number> = { '24h': DAY_MS, '7d': 7 * DAY_MS };
const MOST_EXAMPLES = 100;

/** What agents contested of the turns of one span. */
export interface PeriodQuality {
  period: QualityPeriod;
  /** ms: turns spoken since */
  from: number;
  /** customers' turns the model scored */
  scored: number;
  /** of those, the turns an agent contests */
  contested: number;
  /** 0…1; null: nothing was scored */
  contestedShare: number | null;
  /** contests by what the model said, then by what it should be */
  confusion: { model: SentimentLabel; agents: Record<SentimentLabel, number> }[];
}

export interface LabelQuality {
  at: number;
  model: { name: string; version: string };
  periods: PeriodQuality[];
  benchmark: SentimentBenchmark;
}

/** How the labels of the sentiment model fare: with agents, and with people who labelled public conversations. */
export async function labelQuality(deps: Deps, workspaceId: string): Promise<LabelQuality> {
  const at = deps.now();
  const { name, version } = lexiconSentiment;
  return {
    at,
    model: { name, version },
    periods: await Promise.all(QUALITY_PERIODS.map((period) => qualityOf(deps, workspaceId, period, at))),
    benchmark: SENTIMENT_SCORE,
  };
}

async function qualityOf(
  deps: Deps,
  workspaceId: string,
  period: QualityPeriod,
  at: number,
): Promise<PeriodQuality> {
  const from = new Date(at - PERIOD_MS[period]);
  const [scored, { turns, byLabels }] = await Promise.all([
    scoredTurns(deps, workspaceId, from, new Date(at)),
    countContests(deps, workspaceId, from),
  ]);
  const contests = (model: SentimentLabel, label: SentimentLabel) =>
    byLabels.find((row) => row.model === model && row.label === label)?.contests ?? 0;
  return {
    period,
    from: from.getTime(),
    scored,
    contested: turns,
    contestedShare: scored === 0 ? null : turns / scored,
    confusion: SENTIMENT_LABELS.map((model) => ({
      model,
      agents: Object.fromEntries(SENTIMENT_LABELS.map((label) => [label, contests(model, label)])) as Record<
        SentimentLabel,
        number
      >,
    })),
  };
}

/** One contested turn, masked as for everybody who may not reveal. */
export interface ContestExample extends Omit<ContestRow, 'turnAt' | 'at' | 'turnId' | 'contactId'> {
  id: string;
  turnAt: number;
  at: number;
  /** null: the customer's state does not keep the turn any more */
  text: string | null;
}

/**
 * The turns that were contested last, with what was said in them. Texts are not kept with contests: they are read from the
 * customers' states and gone with them. Who looks is on record before anything is shown.
 * @throws when it cannot be recorded, or the store cannot be reached
 */
export async function contestExamples(
  deps: Deps,
  { workspaceId, userId }: Pick<PersonActor, 'workspaceId' | 'userId'>,
  period: QualityPeriod,
): Promise<ContestExample[]> {
  const from = new Date(deps.now() - PERIOD_MS[period]);
  const rows = await newestContests(deps, workspaceId, from, MOST_EXAMPLES);
  const customers = [...new Set(rows.map(({ customer }) => customer))];
  const cards = await readCustomers(deps, workspaceId, customers);
  await writeAudit(deps, {
    workspaceId,
    actorKind: 'person',
    actorId: userId,
    action: 'labelContests.listed',
    subject: workspaceId,
    details: { period, turns: rows.length },
  });
  return rows
    .filter(({ customer }) => cards.get(customer)?.optedOut !== true)
    .map(({ contactId, turnId, turnAt, at, customer, reason, ...said }, index) => ({
      ...said,
      id: String(index),
      customer: maskKey(customer),
      reason: reason && maskText(reason),
      turnAt: turnAt.getTime(),
      at: at.getTime(),
      text: maskedText(cards.get(customer), { contactId, turnId, turnAt: turnAt.getTime() }),
    }));
}

function maskedText(
  card: CardView | undefined,
  place: { contactId: string; turnId: string; turnAt: number },
): string | null {
  if (!card) return null;
  const turn = maskCard(card)
    .contacts.filter(({ id }) => id === place.contactId)
    .flatMap(({ turns }) => turns)
    .find(({ turnId, at }) => turnId === place.turnId && at === place.turnAt);
  return turn?.text ?? null;
}
