import { Fault } from '@/server/core/fault';
import { liveRuleCards } from '@/server/features';
import type { Deps } from '@/server/platform/deps';
import { findAudience, listAudiences } from './audience.repository';
import { contextsOf, countMembers } from './audience-members';

/** Over whom members were counted. */
interface LookedAt {
  /** customers with a live visit that were looked at */
  lookedAt: number;
  /** more may be visiting than were looked at: the counts are those of a sample */
  isSample: boolean;
  /** ms */
  at: number;
}

export interface MembersNow extends LookedAt {
  /** null: the condition uses what is no longer offered */
  audiences: { id: string; members: number | null }[];
}

/** How many of the live customers are in each audience now. @throws when the store cannot be reached */
export async function membersNow(deps: Deps, workspaceId: string): Promise<MembersNow> {
  const [rows, { customers, ...looked }] = await Promise.all([
    listAudiences(deps, workspaceId),
    liveCustomers(deps, workspaceId),
  ]);
  const audiences = rows.map(({ id, condition }) => ({ id, members: countMembers(condition, customers) }));
  return { ...looked, audiences };
}

async function liveCustomers(deps: Deps, workspaceId: string) {
  const { cards, isCut } = await liveRuleCards(deps, workspaceId);
  return { customers: contextsOf(cards), lookedAt: cards.length, isSample: isCut, at: deps.now() };
}

export interface AudiencePreview extends LookedAt {
  /** members by the condition as it is saved; null: nothing is saved yet, or it is no longer offered */
  before: number | null;
  /** members by the new condition; null while it has faults */
  after: number | null;
}

/**
 * What a changed condition would do: how many of the live customers are in the audience now, and would be after. Writes
 * nothing.
 * @param id null: an audience that is not saved yet
 * @throws Fault `not_found`; when the store cannot be reached
 */
export async function audiencePreview(
  deps: Deps,
  workspaceId: string,
  { id, condition }: { id: string | null; condition: string },
): Promise<AudiencePreview> {
  const saved = id === null ? null : await findAudience(deps, workspaceId, id);
  if (id !== null && saved === null) throw new Fault('not_found', 'There is no such audience.');
  const { customers, ...looked } = await liveCustomers(deps, workspaceId);
  return {
    ...looked,
    before: saved && countMembers(saved.condition, customers),
    after: countMembers(condition, customers),
  };
}
