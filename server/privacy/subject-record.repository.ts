import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

/** Consent of record of one key. */
export interface KeyConsent {
  customer: string;
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

export function consentOfKeys(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
): Promise<KeyConsent[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.consent.findMany({
      where: { workspaceId, customer: { in: [...keys] } },
      select: { customer: true, denied: true, version: true, updatedAt: true },
      orderBy: { customer: 'asc' },
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
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.optOut.findMany({
      where: {
        workspaceId,
        OR: [{ customer: { in: [...keys] } }, { linkedKeys: { hasSome: [...keys] } }],
      },
      orderBy: { requestedAt: 'desc' },
      take: limit,
    }),
  );
  return rows.map(({ workspaceId: _, linkedKeys: __, enforcement, ...wish }) => ({
    ...wish,
    enforcementPoints: Array.isArray(enforcement) ? enforcement.length : 0,
  }));
}
