import { partitionOf } from '@/server/core/partition';
import type { Deps } from '@/server/platform/deps';
import type { ShardOfWorkspace } from './consent.repository';
import { type Place, redirectsOf, statesOf } from './consent-flags.connector';
import { surveyPerson } from './opt-out.repository';

/** More keys than any person has; beyond it the search stops and says so by leaving them out. */
export const MAX_KEYS = 500;
const MAX_ROUNDS = 8;

/** A key in each place where the stream may keep something about it. */
export function placesOf(shards: readonly ShardOfWorkspace[], customers: readonly string[]): Place[] {
  return shards.flatMap((shard) =>
    customers.map((customer) => ({
      shardId: shard.id,
      partition: partitionOf(customer, shard.partitions),
      customer,
    })),
  );
}

/** The members of a keyed state that name other keys: merged, asked to come, where it moved to, and who else had it. */
const LINK_MEMBERS = ['lk', 'la', 'm', 'o'] as const;

/** Keys a keyed state names. Any text that is not a state has none. */
function linksInState(text: string | null): string[] {
  if (text === null) return [];
  const state = parsed(text);
  if (typeof state !== 'object' || state === null) return [];
  const members = state as Record<string, unknown>;
  return LINK_MEMBERS.flatMap((name) => members[name] ?? []).filter((key) => typeof key === 'string');
}

/** A torn state must not keep anybody from being left alone: the archive knows their links as well. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export interface LinkedKeys {
  keys: string[];
  shards: ShardOfWorkspace[];
}

/**
 * Every key known to belong to the same person: where it was redirected to, what was merged into it (keyed state), and
 * what the archive noted, in every shard of the workspace, until nothing new is found. Includes the key itself.
 */
export async function linkedKeysOf(
  deps: Pick<Deps, 'db' | 'logRedis'>,
  workspaceId: string,
  customer: string,
): Promise<LinkedKeys> {
  const known = new Set<string>();
  let shards: ShardOfWorkspace[] = [];
  let fresh = [customer];
  for (let round = 0; fresh.length > 0 && round < MAX_ROUNDS && known.size < MAX_KEYS; round += 1) {
    const survey = await surveyPerson(deps, workspaceId, fresh, MAX_KEYS - known.size);
    shards = survey.shards;
    const unseen = survey.keys.filter((key) => !known.has(key));
    for (const key of unseen) known.add(key);
    fresh = unknownOf(await linksInStore(deps.logRedis, shards, unseen), known);
  }
  return { keys: [...known], shards };
}

function unknownOf(found: readonly string[], known: ReadonlySet<string>): string[] {
  return [...new Set(found)].filter((key) => !known.has(key)).slice(0, MAX_KEYS - known.size);
}

/** Keys that the stream itself links with any of these. */
export async function linksInStore(
  logRedis: Deps['logRedis'],
  shards: readonly ShardOfWorkspace[],
  keys: readonly string[],
): Promise<string[]> {
  const places = placesOf(shards, keys);
  const [redirects, states] = await Promise.all([redirectsOf(logRedis, places), statesOf(logRedis, places)]);
  return [...redirects.filter((key) => key !== null), ...states.flatMap(linksInState)];
}
