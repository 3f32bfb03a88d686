import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '@/server/identity/policy';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { type PrivacyFixture, privacyFixture, WORKSPACE } from '@/server/privacy/privacy-fixture';
import { board } from './board.service';
import type { RoundView } from './round.schema';
import { giveScore, roundFor, startRound, stepRound } from './round.service';
import { addUseCase } from './use-case.service';

const BOARD = `board:${WORKSPACE}`;
let fixture: PrivacyFixture;
let deps: Deps;
let cards: string[];
/** everything boards were told, as text */
let told: string[];
let now = 1_900_000_000_000;

const as = (role: Role) => ({ workspaceId: WORKSPACE, userId: `u_${role}`, role, name: role });
const scored = (value: number, effort: number) => ({ value, effort, note: `because of ${value}` });

beforeAll(async () => {
  fixture = await privacyFixture();
  deps = { ...fixture.deps, now: () => now };
  for (const role of ROLES) {
    await deps.db.user.create({ data: { id: `u_${role}`, email: `${role}@test`, name: role } });
    await withWorkspace(deps.db, WORKSPACE, (tx) =>
      tx.membership.create({ data: { id: `m_${role}`, workspaceId: WORKSPACE, userId: `u_${role}`, role } }),
    );
  }
  told = [];
  const feed = deps.queueRedis.duplicate();
  afterAll(() => feed.disconnect());
  feed.on('message', (_channel, text: string) => told.push(text));
  await feed.subscribe(BOARD);
});

beforeEach(async () => {
  const left = await deps.queueRedis.keys(`round:{${WORKSPACE}}*`);
  if (left.length > 0) await deps.queueRedis.del(left);
  told.length = 0;
  const bare = {
    summary: '',
    metric: null,
    ownerId: null,
    dpiaId: null,
    predictedChange: null,
    holdoutPercent: 0,
  };
  cards = [];
  for (const title of ['First idea', 'Second idea']) {
    cards.push((await addUseCase(deps, as('stakeholder'), { title, ...bare })).id);
  }
});

async function current(role: Role = 'agent'): Promise<RoundView> {
  const { round } = await roundFor(deps, as(role));
  if (!round) throw new Error('there is no round');
  return round;
}
const placeOf = ({ id, turn }: RoundView) => ({ round: id, turn });
const scoresOf = async (id: string) =>
  (await board(deps, WORKSPACE)).cards.find((card) => card.id === id)?.scores;

describe('a round of scoring', () => {
  it('tells nobody a score before the reveal, then all of them at once, and puts them on record', async () => {
    await startRound(deps, as('stakeholder'), { cards, seconds: 60 });
    const place = placeOf(await current());
    await giveScore(deps, as('agent'), place, scored(9, 2));
    await giveScore(deps, as('ops'), place, scored(3, 8));
    await giveScore(deps, as('ops'), place, scored(4, 7));
    const open = await roundFor(deps, as('privacy'));
    expect(open).toMatchObject({ round: { given: 2, scores: null, phase: 'open' }, mine: null });
    expect((await roundFor(deps, as('ops'))).mine).toEqual(scored(4, 7));
    expect(await scoresOf(cards[0] ?? '')).toEqual([]);
    await until(() => told.filter((text) => text.includes('roundChanged')).length >= 4);
    expect(told.filter((text) => /because of|"value"|"effort"/.test(text))).toEqual([]);

    await stepRound(deps, WORKSPACE, place, 'reveal');
    const shown = await current('privacy');
    expect(shown.phase).toBe('revealed');
    expect(shown.scores?.map(({ name, value }) => [name, value])).toEqual([
      ['agent', 9],
      ['ops', 4],
    ]);
    await until(() =>
      told.some((text) => text.includes('"phase":"revealed"') && text.includes('because of 9')),
    );
    expect((await scoresOf(cards[0] ?? ''))?.length).toBe(2);
    await expect(giveScore(deps, as('admin'), place, scored(1, 1))).rejects.toThrow('shown already');
  });

  it('shows the scores by itself when the time is up, once, whoever asks first', async () => {
    await startRound(deps, as('stakeholder'), { cards, seconds: 30 });
    const place = placeOf(await current());
    await giveScore(deps, as('agent'), place, scored(7, 3));
    now += 29_999;
    expect((await current()).phase).toBe('open');
    now += 1;
    const seen = await Promise.all(ROLES.map((role) => roundFor(deps, as(role))));
    expect(seen.map(({ round }) => round?.id)).toEqual(ROLES.map(() => place.round));
    expect((await current()).scores).toHaveLength(1);
    await expect(giveScore(deps, as('ops'), place, scored(1, 1))).rejects.toThrow('shown already');
    // What was told before this has been heard when it is.
    await deps.queueRedis.publish(BOARD, 'the end');
    await until(() => told.includes('the end'));
    expect(told.filter((text) => text.includes('"phase":"revealed"'))).toHaveLength(1);
  });

  it('opens the same card again, then the next, then ends; what was meant for an earlier card is refused', async () => {
    await startRound(deps, as('stakeholder'), { cards, seconds: 60 });
    const first = placeOf(await current());
    await giveScore(deps, as('agent'), first, scored(9, 2));
    await stepRound(deps, WORKSPACE, first, 'reveal');
    await stepRound(deps, WORKSPACE, first, 'again');
    expect(await current()).toMatchObject({ given: 0, place: 1, phase: 'open', scores: null });
    await expect(giveScore(deps, as('ops'), first, scored(5, 5))).rejects.toThrow('another card');
    await stepRound(deps, WORKSPACE, placeOf(await current()), 'next');
    expect(await current()).toMatchObject({ place: 2, of: 2, card: { title: 'Second idea' } });
    await expect(startRound(deps, as('ops'), { cards, seconds: 60 })).rejects.toThrow('holds a round');
    await stepRound(deps, WORKSPACE, placeOf(await current()), 'next');
    expect((await roundFor(deps, as('agent'))).round).toBeNull();
    await expect(giveScore(deps, as('ops'), first, scored(5, 5))).rejects.toThrow('over');
  });

  it('lets only one of two leaders lead on', async () => {
    await startRound(deps, as('stakeholder'), { cards, seconds: 60 });
    const place = placeOf(await current());
    const both = await Promise.allSettled([
      stepRound(deps, WORKSPACE, place, 'next'),
      stepRound(deps, WORKSPACE, place, 'next'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await current()).place).toBe(2);
  });
});
