import type { QueueEntry } from '@/server/streaming/partition-step';
import type { WaitKind } from '@/server/streaming/wait-kind.schema';

export type { QueueEntry, QueueReason } from '@/server/streaming/partition-step';

/** A customer an agent has taken from the queue. */
export interface Claim {
  userId: string;
  name: string;
  /** ms */
  takenAt: number;
}

/** How far a wait that nobody has taken was escalated: the furthest step, per cent of the time it may take, by to whom. */
export interface Escalation {
  /** when the wait began, ms */
  since: number;
  agents?: number;
  supervisors?: number;
}

/** One line of the agents' queue. */
export interface QueueRow extends QueueEntry {
  /** what happened a while ago is being processed: they may have left since */
  behind?: true;
  claim?: Claim;
  escalation?: Escalation;
}

/** Somebody who looks at a customer now. */
export interface Viewer {
  userId: string;
  name: string;
}

/** Data of the room `queue`. Updates carry changed entries; `viewers` and `sla` replace what was held. */
export interface QueueRoomData {
  entries: Record<string, QueueRow>;
  /** customer → who looks at their card */
  viewers: Record<string, Viewer[]>;
  /** seconds a customer may wait, by what for */
  sla: Record<WaitKind, number>;
}
