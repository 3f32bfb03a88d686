import { DAY_MS } from '@/server/core/durations';
import type { Deps } from '@/server/platform/deps';
import { withActorNames } from './audit.repository';
import { consentsOf, type OptOutRow, optOutsOf, recentOptOuts } from './consent.repository';
import { linkedKeysOf } from './linked-keys.service';
import { consentWords, type Purpose } from './purpose.schema';
import { signalsOf } from './signals/signal.repository';
import { type SignalKind, signalTitle } from './signals/signal-mapping.schema';

export interface ConsentCard {
  customer: string;
  linkedKeys: string[];
  denied: Purpose[];
  optedOut: boolean;
  /** consent in a plain sentence */
  words: string;
  /** what signals deny, and since which event */
  signals: { kind: SignalKind; title: string; denied: Purpose[]; at: Date }[];
  requests: OptOutView[];
}

export interface OptOutView extends OptOutRow {
  actorName: string | null;
  /** ms from the request to its acknowledgement; null while it is not acknowledged */
  effectMs: number | null;
}

/** What a customer allows, over all keys of the person, with every request that led there. */
export async function consentCard(deps: Deps, workspaceId: string, customer: string): Promise<ConsentCard> {
  const { keys } = await linkedKeysOf(deps, workspaceId, customer);
  const [consents, signals, requests] = await Promise.all([
    consentsOf(deps, workspaceId, keys),
    signalsOf(deps, workspaceId, keys),
    optOutsOf(deps, workspaceId, keys, 50),
  ]);
  const denied = [...new Set(consents.flatMap((row) => row.denied))] as Purpose[];
  return {
    customer,
    linkedKeys: keys.filter((key) => key !== customer),
    denied,
    optedOut: denied.includes('profiling'),
    words: consentWords(
      denied,
      signals.map(({ kind }) => signalTitle(kind)),
    ),
    signals: signals.map((signal) => ({ ...signal, title: signalTitle(signal.kind) })),
    requests: await viewsOf(deps, workspaceId, requests),
  };
}

const MAX_DOTS = 500;

/** Requests of the last day, newest first: each is a dot on the plot of time to effect. */
export async function lastDayOfOptOuts(
  deps: Deps,
  workspaceId: string,
): Promise<{ requests: OptOutView[]; at: number }> {
  const at = deps.now();
  const rows = await recentOptOuts(deps, workspaceId, new Date(at - DAY_MS), MAX_DOTS);
  return { requests: await viewsOf(deps, workspaceId, rows), at };
}

async function viewsOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  rows: readonly OptOutRow[],
): Promise<OptOutView[]> {
  const named = await withActorNames(deps, workspaceId, rows);
  return named.map((row) => ({
    ...row,
    effectMs: row.acknowledgedAt === null ? null : row.acknowledgedAt.getTime() - row.requestedAt.getTime(),
  }));
}
