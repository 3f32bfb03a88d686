import { SECOND_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { announceRound } from './board-feed.connector';
import {
  countScores,
  type KeptRound,
  keepScore,
  type RoundState,
  readRound,
  readScores,
  replaceRound,
  scoreOfPerson,
} from './round.repository';
import type { RoundScore, RoundStep, RoundView } from './round.schema';
import { titlesOf } from './use-case.repository';
import { recordScores } from './use-case.service';

type Person = Pick<PersonActor, 'workspaceId' | 'userId' | 'name'>;
type Place = Pick<RoundView, 'turn'> & { round: string };
type OwnScore = Pick<RoundScore, 'value' | 'effort' | 'note'>;

/** The round that goes on in a workspace, with the caller's own score; null when there is none. */
export async function roundFor(
  deps: Deps,
  person: Person,
): Promise<{ round: RoundView | null; mine: OwnScore | null; now: number }> {
  const { workspaceId, userId } = person;
  const kept = await settled(deps, workspaceId);
  if (kept === null) return { round: null, mine: null, now: deps.now() };
  const [round, mine] = await Promise.all([
    viewOf(deps, workspaceId, kept.state),
    scoreOfPerson(deps.queueRedis, workspaceId, userId),
  ]);
  return {
    round,
    mine: mine && { value: mine.value, effort: mine.effort, note: mine.note },
    now: deps.now(),
  };
}

/**
 * Opens a round over some cards, the first at once.
 * @throws Fault `conflict` while another goes on, `bad_request` for an unknown card
 */
export async function startRound(
  deps: Deps,
  person: Person,
  { cards, seconds }: { cards: readonly string[]; seconds: number },
): Promise<void> {
  const { workspaceId, userId, name } = person;
  const known = await titlesOf(deps, workspaceId, cards);
  if (cards.some((id) => !known.has(id))) throw new Fault('bad_request', 'There is no such use case.');
  const before = await readRound(deps.queueRedis, workspaceId);
  if (before !== null) throw new Fault('conflict', `${before.state.leader.name} holds a round already.`);
  const state: RoundState = {
    id: deps.newId('round'),
    turn: 0,
    cards: [...new Set(cards)],
    index: 0,
    seconds,
    leader: { userId, name },
    phase: 'open',
    endsAt: deps.now() + seconds * SECOND_MS,
    scores: null,
  };
  await write(deps, workspaceId, null, state);
}

/**
 * Gives or changes one's own score while the card is open. Nobody else is told what it was.
 * @throws Fault `conflict` when the round has gone on
 */
export async function giveScore(
  deps: Deps,
  person: Person,
  place: Place,
  { value, effort, note }: OwnScore,
): Promise<void> {
  const { workspaceId, userId, name } = person;
  const kept = at(await settled(deps, workspaceId), place);
  const score = { userId, name, value, effort, note };
  const isKept = kept.state.phase === 'open' && (await keepScore(deps.queueRedis, workspaceId, kept, score));
  if (!isKept) throw new Fault('conflict', 'The scores are shown already.');
  await announce(deps, workspaceId, kept.state);
}

/**
 * Leads a round on: shows the scores now, opens the same card again, opens the next, or ends it.
 * @throws Fault `conflict` when somebody else has led it on
 */
export async function stepRound(
  deps: Deps,
  workspaceId: string,
  place: Place,
  step: RoundStep,
): Promise<void> {
  const kept = at(await settled(deps, workspaceId), place);
  const { state } = kept;
  if (step === 'reveal') {
    if (state.phase === 'open') await reveal(deps, workspaceId, kept);
    return;
  }
  const index = step === 'next' ? state.index + 1 : state.index;
  if (step === 'end' || index >= state.cards.length) {
    await write(deps, workspaceId, kept, null);
    return;
  }
  const endsAt = deps.now() + state.seconds * SECOND_MS;
  await write(deps, workspaceId, kept, {
    ...state,
    turn: state.turn + 1,
    index,
    phase: 'open',
    endsAt,
    scores: null,
  });
}

/** The round as it is now: whoever asks first after its time is up has the scores shown. */
async function settled(deps: Deps, workspaceId: string): Promise<KeptRound | null> {
  const kept = await readRound(deps.queueRedis, workspaceId);
  if (kept === null || kept.state.phase === 'revealed') return kept;
  if (kept.state.phase === 'open' && deps.now() < kept.state.endsAt) return kept;
  await reveal(deps, workspaceId, kept);
  return readRound(deps.queueRedis, workspaceId);
}

/**
 * Closes the card, puts its scores on record, then shows them to all at once. Whoever finds it closed half way goes on
 * from there: putting a score on record twice changes nothing.
 */
async function reveal(deps: Deps, workspaceId: string, kept: KeptRound): Promise<void> {
  const { queueRedis } = deps;
  const closing: RoundState = { ...kept.state, phase: 'closing' };
  if (kept.state.phase === 'open' && !(await replaceRound(queueRedis, workspaceId, kept, closing, false)))
    return;
  const scores = await readScores(queueRedis, workspaceId);
  const useCaseId = closing.cards[closing.index] ?? '';
  await recordScores(deps, workspaceId, { useCaseId, round: closing.id, scores });
  const shown: RoundState = { ...closing, phase: 'revealed', scores };
  const before = { state: closing, text: JSON.stringify(closing) };
  if (await replaceRound(queueRedis, workspaceId, before, shown, false))
    await announce(deps, workspaceId, shown);
}

async function write(
  deps: Deps,
  workspaceId: string,
  before: KeptRound | null,
  after: RoundState | null,
): Promise<void> {
  if (!(await replaceRound(deps.queueRedis, workspaceId, before, after, true))) {
    throw new Fault('conflict', 'Somebody else has led the round on.');
  }
  await announce(deps, workspaceId, after);
}

function at(kept: KeptRound | null, { round, turn }: Place): KeptRound {
  if (kept === null || kept.state.id !== round) throw new Fault('not_found', 'This round is over.');
  if (kept.state.turn !== turn) throw new Fault('conflict', 'The round has gone on to another card.');
  return kept;
}

async function viewOf(deps: Deps, workspaceId: string, state: RoundState): Promise<RoundView> {
  const id = state.cards[state.index] ?? '';
  const [titles, given] = await Promise.all([
    titlesOf(deps, workspaceId, [id]),
    countScores(deps.queueRedis, workspaceId),
  ]);
  return {
    id: state.id,
    turn: state.turn,
    card: { id, title: titles.get(id) ?? 'removed from the board' },
    place: state.index + 1,
    of: state.cards.length,
    leader: state.leader,
    phase: state.phase === 'revealed' ? 'revealed' : 'open',
    endsAt: state.endsAt,
    given: state.scores?.length ?? given,
    scores: state.scores,
  };
}

async function announce(deps: Deps, workspaceId: string, state: RoundState | null): Promise<void> {
  announceRound(deps, workspaceId, state && (await viewOf(deps, workspaceId, state)));
}
