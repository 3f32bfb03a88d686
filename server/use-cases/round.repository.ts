import type { Redis } from 'ioredis';
import type { RoundScore } from './round.schema';

/** A round as kept. It is forgotten a day after its last step. */
export interface RoundState {
  id: string;
  turn: number;
  cards: string[];
  index: number;
  seconds: number;
  leader: { userId: string; name: string };
  phase: 'open' | 'closing' | 'revealed';
  endsAt: number;
  scores: RoundScore[] | null;
}

/** A round read, with the very text it was read from: a write says what it replaces. */
export interface KeptRound {
  state: RoundState;
  text: string;
}

const KEPT_SECONDS = 86_400;
const roundKey = (workspaceId: string) => `round:{${workspaceId}}`;
const scoresKey = (workspaceId: string) => `round:{${workspaceId}}:scores`;

/** KEYS: round, scores. ARGV: text replaced ('' for none), new text ('' to remove), 1 to forget the scores, seconds kept. */
const REPLACE = `
  if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
  if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[4]) end
  if ARGV[3] == '1' then redis.call('DEL', KEYS[2]) end
  return 1`;
/** KEYS: round, scores. ARGV: the round's text, who, the score, seconds kept. */
const GIVE = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
  redis.call('EXPIRE', KEYS[2], ARGV[4])
  return 1`;

export async function readRound(redis: Redis, workspaceId: string): Promise<KeptRound | null> {
  const text = await redis.get(roundKey(workspaceId));
  return text === null ? null : { text, state: JSON.parse(text) as RoundState };
}

/** Writes the round's next state unless somebody was quicker. @returns whether it was written */
export async function replaceRound(
  redis: Redis,
  workspaceId: string,
  before: KeptRound | null,
  after: RoundState | null,
  forgetScores: boolean,
): Promise<boolean> {
  const text = after === null ? '' : JSON.stringify(after);
  const keys = [roundKey(workspaceId), scoresKey(workspaceId)] as const;
  const args = [before?.text ?? '', text, forgetScores ? '1' : '0', KEPT_SECONDS] as const;
  return (await redis.eval(REPLACE, 2, ...keys, ...args)) === 1;
}

/** Keeps a person's score while the round stands exactly where it was read. @returns whether it was kept */
export async function keepScore(
  redis: Redis,
  workspaceId: string,
  round: KeptRound,
  score: RoundScore,
): Promise<boolean> {
  const keys = [roundKey(workspaceId), scoresKey(workspaceId)] as const;
  const args = [round.text, score.userId, JSON.stringify(score), KEPT_SECONDS] as const;
  return (await redis.eval(GIVE, 2, ...keys, ...args)) === 1;
}

export function countScores(redis: Redis, workspaceId: string): Promise<number> {
  return redis.hlen(scoresKey(workspaceId));
}

export async function scoreOfPerson(
  redis: Redis,
  workspaceId: string,
  userId: string,
): Promise<RoundScore | null> {
  const text = await redis.hget(scoresKey(workspaceId), userId);
  return text === null ? null : (JSON.parse(text) as RoundScore);
}

export async function readScores(redis: Redis, workspaceId: string): Promise<RoundScore[]> {
  const texts = await redis.hvals(scoresKey(workspaceId));
  return texts.map((text) => JSON.parse(text) as RoundScore).sort((a, b) => a.userId.localeCompare(b.userId));
}
