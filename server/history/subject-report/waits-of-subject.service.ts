import type { Deps } from '@/server/platform/deps';
import type { QueueEntry } from '@/server/streaming/partition-step';
import type { EscalationOfSubject, WaitNowOfSubject, WaitOfSubject } from './subject-report.schema';
import {
  type EscalationOfKeys,
  escalationsOfKeys,
  queuedNow,
  type WaitOfKeys,
  waitsOfKeys,
} from './subject-waits.repository';

export interface WaitsOfSubject {
  waits: { now: WaitNowOfSubject[]; total: number; listed: WaitOfSubject[] };
  escalations: { total: number; listed: EscalationOfSubject[] };
  /** when the oldest wait on record began; null: none is */
  oldest: string | null;
  /** what is left out, in words */
  cut: string[];
}

/** When a person waited for an agent, who took them, and what was raised of it. */
export async function waitsOfSubject(
  deps: Pick<Deps, 'db' | 'logRedis'>,
  workspaceId: string,
  keys: readonly string[],
  shards: readonly { id: number; partitions: number }[],
): Promise<WaitsOfSubject> {
  const [now, waits, escalations] = await Promise.all([
    queuedNow(deps.logRedis, shards, keys),
    waitsOfKeys(deps, workspaceId, keys),
    escalationsOfKeys(deps, workspaceId, keys),
  ]);
  const [allWaits, allEscalations] = [waits[0]?.total ?? 0, escalations[0]?.total ?? 0];
  const oldest = [waits[0], escalations[0]].flatMap((row) => row?.oldest.toISOString() ?? []).sort();
  return {
    waits: { now: now.map(waitNowOf), total: allWaits, listed: waits.map(waitOf) },
    escalations: { total: allEscalations, listed: escalations.map(escalationOf) },
    oldest: oldest[0] ?? null,
    cut: [
      ...(allWaits > waits.length ? [`Waits for an agent: the newest ${waits.length} of ${allWaits}.`] : []),
      ...(allEscalations > escalations.length
        ? [`Escalations: the newest ${escalations.length} of ${allEscalations}.`]
        : []),
    ],
  };
}

function waitNowOf({ customer, since, at: _, value, currency, ...entry }: QueueEntry): WaitNowOfSubject {
  return {
    ...entry,
    key: customer,
    since: new Date(since).toISOString(),
    value: value ?? null,
    currency: currency ?? null,
  };
}

function waitOf({ key, reason, outcome, ...row }: WaitOfKeys): WaitOfSubject {
  return {
    key,
    reason,
    since: row.since.toISOString(),
    breachedAt: isoOf(row.breachedAt),
    takenAt: isoOf(row.takenAt),
    takenBy: takerOf(row),
    endedAt: isoOf(row.endedAt),
    outcome,
  };
}

function escalationOf({ key, channel, percent, to, ...row }: EscalationOfKeys): EscalationOfSubject {
  return {
    key,
    channel,
    since: row.since.toISOString(),
    percent,
    to,
    raisedAt: row.raisedAt.toISOString(),
    takenAt: isoOf(row.takenAt),
    takenBy: takerOf(row),
    leftAt: isoOf(row.leftAt),
  };
}

const takerOf = ({ takenById, takenBy }: Pick<WaitOfKeys, 'takenById' | 'takenBy'>) =>
  takenById && (takenBy ?? 'a former colleague');

const isoOf = (time: Date | null): string | null => time?.toISOString() ?? null;
