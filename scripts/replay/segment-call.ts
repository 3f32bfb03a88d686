/** A call of the Segment tracking API as replays send it. */
export interface SegmentCall {
  type: 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias';
  messageId: string;
  userId?: string;
  anonymousId?: string;
  event?: string;
  name?: string;
  timestamp: string;
  properties?: Record<string, unknown>;
  traits?: Record<string, unknown>;
  context?: Record<string, unknown>;
}

/** A call with its time as a number, for pacing and shifting. */
export interface TimedCall {
  at: number;
  call: SegmentCall;
}

/** Who the call is about, for keeping each customer's calls in order. */
export function customerOf(call: SegmentCall): string {
  return call.userId ?? call.anonymousId ?? '';
}
