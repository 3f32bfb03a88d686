import type { QueueRoomData, QueueRow, Viewer } from '@/server/live/queue-room.schema';
import { waitKindOf } from '@/server/streaming/wait-kind.schema';

const SECOND_MS = 1_000;

/** A line of the queue with what the screen derives from it. */
export interface DeskRow extends QueueRow {
  /** when the wait passes its time, ms */
  dueAt: number;
  slaMs: number;
  viewers: readonly Viewer[];
  /** taken by the viewer */
  isMine: boolean;
}

const NOBODY: readonly Viewer[] = [];

/** Ranks of those who wait; whose events are still being caught up with comes after all who are known to wait. */
const WAIT_RANKS = 3;

/**
 * One's own first; then those who wait: what was escalated to the agents, the furthest step on top, then a live contact
 * before all else and then whoever runs out first; then, in the same order, those who may have left since, for their part of
 * the stream is catching up; then those that others have taken.
 */
export function orderQueue(data: QueueRoomData, userId: string): DeskRow[] {
  const rows = Object.values(data.entries).map((entry): DeskRow => {
    const slaMs = (data.sla[waitKindOf(entry)] ?? 0) * SECOND_MS;
    return {
      ...entry,
      slaMs,
      dueAt: entry.since + slaMs,
      viewers: data.viewers[entry.customer] ?? NOBODY,
      isMine: entry.claim?.userId === userId,
    };
  });
  return rows.sort(
    (a, b) =>
      rank(a) - rank(b) || step(b) - step(a) || a.dueAt - b.dueAt || (a.customer < b.customer ? -1 : 1),
  );
}

function rank(row: DeskRow): number {
  if (row.isMine) return 0;
  if (row.claim) return 2 * WAIT_RANKS + 1;
  return waitRank(row) + (row.behind ? WAIT_RANKS : 0);
}

function waitRank(row: DeskRow): number {
  if (step(row) > 0) return 1;
  return row.reason === 'contact' ? 2 : 3;
}

/** The furthest step at which the wait was raised to the agents, per cent; 0: none. */
const step = ({ escalation }: DeskRow) => escalation?.agents ?? 0;

/** How many wait for an agent, may have left since, and were taken. */
export function countRows(rows: readonly DeskRow[]): { waiting: number; behind: number; taken: number } {
  const counts = { waiting: 0, behind: 0, taken: 0 };
  for (const row of rows) counts[row.claim ? 'taken' : row.behind ? 'behind' : 'waiting'] += 1;
  return counts;
}
