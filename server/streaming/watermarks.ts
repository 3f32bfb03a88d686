/** What is known of one partition's progress. Plain JSON. */
export interface PartitionProgress {
  /** no record before this event time is expected any more, ms */
  watermark: number;
  /** drained: it holds nothing back until it has a record again */
  idle: boolean;
  /** greatest offset of a record taken */
  offset: number;
}

export type Progress = Record<string, PartitionProgress>;

/** Before every time that a date can name, ms. */
export const NEVER = -8.64e15;

/**
 * Notes a partition's watermark; it never falls. With `idle` it is a tick of a drained partition, which until its next
 * record holds nobody back.
 */
export function advancePartition(
  progress: Progress,
  partition: string,
  watermark: number,
  idle: boolean,
): void {
  const known = progress[partition];
  progress[partition] = {
    watermark: Math.max(watermark, known?.watermark ?? NEVER),
    idle,
    offset: known?.offset ?? -1,
  };
}

/**
 * Takes a record's offset, and wakes its partition. False when a record of this offset or a later one was taken already:
 * this is a second delivery.
 */
export function takeOffset(progress: Progress, partition: string, offset: number): boolean {
  const known = progress[partition];
  if (known !== undefined && offset <= known.offset) return false;
  progress[partition] = { watermark: known?.watermark ?? NEVER, idle: false, offset };
  return true;
}

/**
 * The watermark of all: the least of the partitions that are not idle; of all of them when every one is. `NEVER` when
 * there is none.
 */
export function leastWatermark(progress: Progress): number {
  let awake: number | null = null;
  let drained: number | null = null;
  for (const partition in progress) {
    const { watermark, idle } = progress[partition] as PartitionProgress;
    if (idle) drained = drained === null ? watermark : Math.min(drained, watermark);
    else awake = awake === null ? watermark : Math.min(awake, watermark);
  }
  return awake ?? drained ?? NEVER;
}
