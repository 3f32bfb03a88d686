import type { QueueEntry } from './partition-step';

/** What a customer's wait for an agent is judged by: a chat and a call have limits of their own. */
export const WAIT_KINDS = ['chat', 'call', 'rule', 'cart'] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];

/** The limit that holds for an entry of the queue. */
export function waitKindOf({ reason, channel }: Pick<QueueEntry, 'reason' | 'channel'>): WaitKind {
  if (reason !== 'contact') return reason;
  return channel === 'call' ? 'call' : 'chat';
}
