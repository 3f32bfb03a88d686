import { FIRST_INSTANT_MS, LAST_INSTANT_MS } from '@/server/core/calendar';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import { shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { FACT_MEASURES, type FactMeasure, type MeasureResult } from '@/server/streaming/fact-measure';
import { type FactAccumulator, measureAggregate } from '@/server/streaming/measure-aggregate';
import { leastWatermark, NEVER, type Progress } from '@/server/streaming/watermarks';
import { createAssigner } from '@/server/streaming/window-assigner';
import { emptyWindowState, stepAll } from '@/server/streaming/windowed-aggregate';
import { partitionsInUse, standingsOf } from '../stream-standing.repository';
import { calendarOf } from './business-calendar.repository';
import { type LateRow, type WindowRow, windowRows } from './window-course';
import type { WindowDefinition, WindowResultsInput } from './window-definition.schema';
import {
  type FactReading,
  idleAfterMs,
  MOST_GROUPS,
  newestFacts,
  readFactGroups,
  readPartitionMarks,
} from './window-facts.repository';
import { type FactInput, windowInputs } from './window-inputs';
import { alignmentOf } from './window-pipeline';

const MOST_WINDOWS = 1_000;
const MOST_LATE = 200;
/** Log time is read in this many buckets a range, of ten seconds at least. */
const BUCKETS = 360;
const LEAST_BUCKET_MS = 10 * SECOND_MS;
/** Sessions are told to the second, windows to the minute, which is as fine as their bounds can be. */
const SESSION_SLOT_MS = SECOND_MS;

export interface WindowResults {
  /** ms: when this was worked out */
  at: number;
  watermark: {
    /** ms; null: nothing was ever processed */
    at: number | null;
    partitions: number;
    idle: number;
    /** the partition that holds it back, with others it may be as far as */
    heldBy: string | null;
  };
  /** newest first */
  windows: WindowRow[];
  /** windows of the range, also those that were left out here */
  windowCount: number;
  /** newest first */
  late: LateRow[];
  lateCount: number;
  /** log time is told in steps of this, ms: what came within one step is not late to it */
  resolutionMs: number;
}

/**
 * A definition's windows over a range of event time: the pure operator run over the archived facts in the order of the log,
 * with what was published, what corrections made of it, and what was late.
 * @throws Fault `too_large` when the range holds more than one page may read, `not_found` for a calendar that is gone
 */
export async function windowResults(
  deps: Deps,
  workspaceId: string,
  { definition, from, to }: WindowResultsInput,
): Promise<WindowResults> {
  const alignment = await alignmentOf(definition.alignment, (id) => calendarOf(deps, workspaceId, id));
  const config = {
    assigner: createAssigner(definition.shape, alignment),
    latenessMs: definition.latenessMs,
    latePolicy: definition.latePolicy,
    aggregate: measureAggregate(FACT_MEASURES[definition.measure]),
  };
  // Asked before the facts are read: what was finished then is among them.
  const now = deps.now();
  const standing = await standingInputs(deps, workspaceId, definition);
  const { inputs, resolutionMs } = await archivedInputs(deps, workspaceId, { definition, from, to });
  const later = to < now - MINUTE_MS ? await newestInputs(deps, workspaceId, definition, now) : [];
  const start = emptyWindowState<FactAccumulator, MeasureResult>();
  const { state, outputs, late } = stepAll(config, start, [...inputs, ...later, ...standing]);
  const inRange = (span: { start: number }) => span.start >= from && span.start < to;
  const windows = windowRows(outputs, state, config.aggregate).filter(inRange).reverse();
  const lateRows = late.filter(inRange).reverse();
  return {
    at: now,
    watermark: watermarkOf(state.progress, state.clock),
    windows: windows.slice(0, MOST_WINDOWS),
    windowCount: windows.length,
    late: lateRows.slice(0, MOST_LATE),
    lateCount: lateRows.length,
    resolutionMs,
  };
}

function watermarkOf(progress: Progress, clock: number): WindowResults['watermark'] {
  const partitions = Object.entries(progress);
  const least = leastWatermark(progress);
  const awake = partitions.filter(([, { idle }]) => !idle);
  const holding = awake.find(([, { watermark }]) => watermark === least);
  return {
    at: clock === NEVER ? null : clock,
    partitions: partitions.length,
    idle: partitions.length - awake.length,
    heldBy: holding?.[0] ?? null,
  };
}

/** How far on each side facts belong to windows that begin in the range, ms. */
function reachOf({ shape, alignment }: WindowDefinition): number {
  const sizeMs = shape.kind === 'session' ? shape.gapMs : shape.sizeMs;
  return alignment.kind === 'epoch' ? sizeMs : sizeMs + DAY_MS;
}

async function archivedInputs(
  deps: Deps,
  workspaceId: string,
  { definition, from, to }: WindowResultsInput,
): Promise<{ inputs: FactInput[]; resolutionMs: number }> {
  const { shape, groupBy, measure, watermarkDelayMs } = definition;
  const { kinds }: FactMeasure = FACT_MEASURES[measure];
  const reach = reachOf(definition);
  const reading: FactReading = {
    kinds,
    from: Math.max(FIRST_INSTANT_MS, from - reach),
    to: Math.min(LAST_INSTANT_MS, to + reach),
    slotMs: shape.kind === 'session' ? SESSION_SLOT_MS : MINUTE_MS,
    bucketMs: Math.max(LEAST_BUCKET_MS, Math.ceil((to - from) / BUCKETS / SECOND_MS) * SECOND_MS),
  };
  const [groups, marks] = await Promise.all([
    readFactGroups(deps, workspaceId, reading),
    readPartitionMarks(deps, workspaceId, reading),
  ]);
  if (groups.length > MOST_GROUPS || marks.length > MOST_GROUPS) {
    throw new Fault('too_large', 'This range holds more than a page can work out. Choose a shorter one.');
  }
  const inputs = windowInputs(groups, marks, {
    ...reading,
    watermarkDelayMs,
    idleMs: idleAfterMs(),
    keyOf: ({ platform }) => (groupBy === 'platform' ? (platform ?? '') : ''),
  });
  return { inputs, resolutionMs: reading.bucketMs };
}

/** For a range that is over: how far partitions have come since. */
async function newestInputs(
  deps: Deps,
  workspaceId: string,
  { watermarkDelayMs }: WindowDefinition,
  now: number,
): Promise<FactInput[]> {
  const newest = await newestFacts(deps, workspaceId, now);
  return newest.map(({ partition, newest: at }) => ({
    k: 'watermark',
    partition,
    at: at - watermarkDelayMs,
  }));
}

/**
 * How far partitions are now, where all they did is archived: by their newest event, and by the clock where it ticked
 * because they are drained. Of the others the archived facts speak.
 */
async function standingInputs(
  deps: Deps,
  workspaceId: string,
  { watermarkDelayMs }: WindowDefinition,
): Promise<FactInput[]> {
  const inputs: FactInput[] = [];
  for (const { shardId } of await shardsOf(deps, workspaceId)) {
    const partitions = await partitionsInUse(deps, shardId);
    const standings = await standingsOf(deps, shardId, partitions);
    standings.forEach(({ unfinished, newest, clock }, index) => {
      const partition = `${shardId}.${partitions[index]}`;
      if (unfinished || clock === NEVER) return;
      if (clock > newest) inputs.push({ k: 'idle', partition, at: clock });
      else inputs.push({ k: 'watermark', partition, at: newest - watermarkDelayMs });
    });
  }
  return inputs;
}
