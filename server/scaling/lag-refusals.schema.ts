/** What one collector tells of a shard while it limits what comes in. */
export interface RefusalReport {
  /** ms: when it was told */
  at: number;
  /** ms: first request it refused; null: none so far */
  since: number | null;
  /** requests refused since then */
  refused: number;
  /** requests a second of the last seconds */
  refusedPerSecond: number;
  passedPerSecond: number;
  /** bytes a second of both: its share of what all collectors are sent */
  bytesPerSecond: number;
  /** customer events a second that all collectors together let in */
  limit: number;
  /** s; null: not known */
  drainSeconds: number | null;
  /** time to drain past which traffic is refused, s */
  behindSeconds: number;
}

/** Traffic of a workspace that is refused because its processors are too far behind. */
export interface LagRefusals {
  /** ms */
  since: number;
  /** requests refused since then */
  refused: number;
  /** requests refused a second, over the last seconds */
  perSecond: number;
  /** of all requests, over the last seconds, 0…1 */
  share: number;
  /** customer events a second that are let in */
  limit: number;
  /** s; null: not known */
  drainSeconds: number | null;
  /** time to drain past which traffic is refused, s */
  behindSeconds: number;
}
