import { eachInTurn } from '@/server/core/each-in-turn';
import type { Deps } from '@/server/platform/deps';
import { anchorHead, entryOfNote } from '../audit.service';
import { linkedKeysOf } from '../linked-keys.service';
import { enforceRecord } from '../opt-out.service';
import { publishPrivacy } from '../privacy-feed.connector';
import { recordSignal, type WaitingSignal, waitingSignals, workspacesWithSignals } from './signal.repository';
import { recentSignals, SIGNAL_HOURS, type SignalCount, signallingLately } from './signal-counts.connector';
import { signalTitle } from './signal-mapping.schema';

/** How often signals are taken from the stream into the record, ms. */
export const TAKE_SIGNALS_EVERY_MS = 1_000;
const PAGE = 200;
/** Pages of one workspace before the others have their turn. */
const MOST_PAGES = 20;

/**
 * Takes in what waits in the workspaces for which signals came lately; what was left elsewhere is taken in by the parity
 * check.
 * @throws AggregateError of the workspaces in which it could not be done, once all the others were
 */
export async function takeSignals(deps: Deps): Promise<{ workspaceId: string; taken: number }[]> {
  const lately = await signallingLately(deps.queueRedis, deps.now());
  return eachInTurn(await workspacesWithSignals(deps, lately), String, async (workspaceId) => ({
    workspaceId,
    taken: await takeWaitingSignals(deps, workspaceId),
  }));
}

/**
 * Makes consent of record from the signals that the stream found to change something: record and audit in one step, then
 * the flags of every linked key in every shard. What a signal denies is denied in the stream before; here it becomes
 * known everywhere, and what it allows again is allowed again. Safe to run again, and in any order.
 */
export async function takeWaitingSignals(deps: Deps, workspaceId: string): Promise<number> {
  let taken = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const signals = await waitingSignals(deps, workspaceId, PAGE);
    for (const signal of signals) await takeSignal(deps, workspaceId, signal);
    taken += signals.length;
    if (signals.length < PAGE) break;
  }
  if (taken > 0) publishPrivacy(deps.queueRedis, workspaceId, { kind: 'signalsTaken', taken }, deps.now());
  return taken;
}

async function takeSignal(deps: Deps, workspaceId: string, signal: WaitingSignal): Promise<void> {
  const { customer, kind, denied, at } = signal;
  const { keys, shards } = await linkedKeysOf(deps, workspaceId, customer);
  const linkedKeys = keys.filter((key) => key !== customer);
  const entry = entryOfNote(
    {
      workspaceId,
      actorKind: 'system',
      actorId: `signal:${kind}`,
      action: 'customer.signalled',
      subject: customer,
      reason: `signal: ${signalTitle(kind)}`,
      details: { kind, denied, at: at.toISOString(), linkedKeys },
    },
    new Date(deps.now()),
  );
  const { record, head } = await recordSignal(deps, workspaceId, signal, { keys, entry });
  if (head === null) return;
  anchorHead(deps, workspaceId, head);
  // Should this fail, the parity check sets the flags to what is on record.
  await enforceRecord(deps, workspaceId, shards, record);
}

/** Signals seen of late, by kind and outcome. */
export async function signalsSeen(
  deps: Pick<Deps, 'queueRedis' | 'now'>,
  workspaceId: string,
): Promise<{ counts: SignalCount[]; hours: number; at: number }> {
  const at = deps.now();
  return { counts: await recentSignals(deps.queueRedis, workspaceId, at), hours: SIGNAL_HOURS, at };
}
