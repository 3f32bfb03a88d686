import type { LogRecord } from '@/server/event-log';
import { type OpenSpan, startSpan, tracingIsOn } from '@/server/observability';
import type { PartitionBatch } from './partition-batch';

/** Traces of one batch that are followed; a batch may hold hundreds. */
const MOST_TRACES = 16;
const NONE: readonly OpenSpan[] = [];

/**
 * One span of the commit in every trace that brought an event of the batch: each trace shows its own way whole.
 * @param startTime ms
 */
export function commitSpans(batch: PartitionBatch, startTime: number): readonly OpenSpan[] {
  if (!tracingIsOn()) return NONE;
  const { shardId, partition } = batch.memory.set;
  const attributes = { 'millrace.shard': shardId, 'millrace.partition': partition };
  return [...parentsOf(batch)].flatMap(
    (parent) => startSpan('commit', { parent, kind: 'CONSUMER', attributes, startTime }) ?? [],
  );
}

/** Where the spans of what follows a commit belong; undefined when nothing of it is traced. */
export function traceparentsOf(spans: readonly OpenSpan[]): string[] | undefined {
  if (spans.length === 0) return undefined;
  return spans.flatMap(({ traceparent }) => traceparent ?? []);
}

function parentsOf({ entries }: PartitionBatch): Set<string> {
  const found = new Set<string>();
  for (const { records } of entries) {
    for (const record of records) {
      for (const parent of tracesOf(record)) found.add(parent);
      if (found.size >= MOST_TRACES) return found;
    }
  }
  return found;
}

function tracesOf(record: LogRecord): string[] {
  if (record.k === 'e') return record.tp === undefined ? [] : [record.tp];
  return record.k === 't' ? (record.events ?? []).flatMap(({ tp }) => tp ?? []) : [];
}
