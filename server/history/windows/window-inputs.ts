import type { FactValue } from '@/server/streaming/measure-aggregate';
import type { WindowInput } from '@/server/streaming/window-step';
import type { FactGroup, PartitionMark } from './window-facts.repository';

/** How archived facts become inputs. All in ms. */
export interface InputRules {
  bucketMs: number;
  slotMs: number;
  watermarkDelayMs: number;
  /** a partition without facts for this long of log time is taken to be drained */
  idleMs: number;
  keyOf(group: FactGroup): string;
}

export type FactInput = WindowInput<FactValue>;

/**
 * The log as it was: in each bucket of log time the ticks of partitions that had fallen silent before it, its facts, then how
 * far its partitions had come. Within one bucket nothing is late. A tick says the clock's time, as that of the engine does.
 */
export function windowInputs(
  groups: readonly FactGroup[],
  marks: readonly PartitionMark[],
  rules: InputRules,
): FactInput[] {
  const factsOf = Map.groupBy(groups, ({ bucket }) => bucket);
  const marksOf = Map.groupBy(marks, ({ bucket }) => bucket);
  const seen = new Map<string, number>();
  const inputs: FactInput[] = [];
  let offset = 0;
  for (const [bucket, own] of [...marksOf].sort((a, b) => a[0] - b[0])) {
    const [{ partition }] = own as [PartitionMark];
    inputs.push(...silentTicks(seen, bucket, new Set(own.map((mark) => mark.partition)), rules));
    for (const group of factsOf.get(bucket) ?? []) {
      inputs.push(recordOf(group, partition, offset, rules));
      offset += 1;
    }
    for (const mark of own) {
      seen.set(mark.partition, bucket);
      inputs.push({ k: 'watermark', partition: mark.partition, at: mark.newest - rules.watermarkDelayMs });
    }
  }
  return inputs;
}

function recordOf(group: FactGroup, partition: string, offset: number, rules: InputRules): FactInput {
  const { kind, count, currency, amount, slot } = group;
  const value = { kind, count, currency, amount };
  return { k: 'record', partition, offset, key: rules.keyOf(group), at: slot * rules.slotMs, value };
}

/**
 * Partitions that fell silent before a bucket; each is told once, until it is seen again. One that has facts in this very
 * bucket may have them from the tick itself, which fires what is due: the tick then comes after them, unless the silence was
 * longer than that.
 */
function silentTicks(
  seen: Map<string, number>,
  bucket: number,
  present: ReadonlySet<string>,
  { bucketMs, idleMs }: InputRules,
): FactInput[] {
  const ticks: FactInput[] = [];
  for (const [partition, last] of seen) {
    const leastMs = present.has(partition) ? idleMs + 2 * bucketMs : idleMs;
    if ((bucket - last) * bucketMs < leastMs) continue;
    seen.delete(partition);
    ticks.push({ k: 'idle', partition, at: (last + 1) * bucketMs + idleMs });
  }
  return ticks;
}
