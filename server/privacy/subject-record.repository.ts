import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { optOutsOf } from './consent.repository';

/** Consent of record of one key. */
export interface KeyConsent {
  customer: string;
  /** in force: what the person denies, and what signals deny for them */
  denied: string[];
  version: number;
  updatedAt: Date;
}

export interface WishOfSubject {
  id: string;
  customer: string;
  purpose: string;
  optedIn: boolean;
  reason: string | null;
  actorKind: string;
  actorId: string;
  requestedAt: Date;
  acknowledgedAt: Date | null;
  /** points of enforcement that acknowledged */
  enforcementPoints: number;
}

export async function consentOfKeys(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
): Promise<KeyConsent[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.consent.findMany({
      where: { workspaceId, customer: { in: [...keys] } },
      select: { customer: true, denied: true, signalled: true, version: true, updatedAt: true },
      orderBy: { customer: 'asc' },
    }),
  );
  return rows.map(({ signalled, ...row }) => ({
    ...row,
    denied: [...new Set([...row.denied, ...signalled])],
  }));
}

export interface SignalOfKey {
  customer: string;
  kind: string;
  /** none: it allows everything */
  denied: string[];
  /** event time */
  at: Date;
}

/** The newest consent signal of each kind that came with events of each key: so many at most as there are kinds. */
export function signalsOfKeys(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
): Promise<SignalOfKey[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.consentSignal.findMany({
      where: { workspaceId, customer: { in: [...keys] } },
      select: { customer: true, kind: true, denied: true, at: true },
      orderBy: [{ at: 'desc' }, { customer: 'asc' }, { kind: 'asc' }],
    }),
  );
}

/** Requests that named any of the keys or covered it as a linked one, newest first. */
export async function wishesOfKeys(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
  limit: number,
): Promise<WishOfSubject[]> {
  const wishes = await optOutsOf(deps, workspaceId, keys, limit);
  return wishes.map(({ workspaceId: _, linkedKeys: __, enforcement, ...wish }) => ({
    ...wish,
    enforcementPoints: Array.isArray(enforcement) ? enforcement.length : 0,
  }));
}
