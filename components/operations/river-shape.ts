import type { Tone } from '@/components/ui/status-badge';
import { type LagReading, worstLag } from '@/server/observability/lag-reading';
import type { OperationsSnapshot } from '@/server/observability/operations.schema';
import { toneOfLag } from './strip';

/** A place on the river. */
export interface RiverStage {
  key: string;
  name: string;
  /** null: not known */
  rate: number | null;
  unit: string;
  note?: string;
  tone: Tone;
  x: number;
  y: number;
  tall: number;
  labelX: number;
  labelY: number;
  anchor: 'start' | 'middle' | 'end';
}

/** Water between two places. */
export interface Reach {
  key: string;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  rate: number | null;
  width: number;
  tone: Tone;
}

const MIDDLE = 100;
const WIDEST = 64;
const THINNEST = 1.5;
const MOST_SOURCES = 4;
const X = { sources: 160, collector: 330, log: 510, processors: 700, ends: 930 };

function widthOf(rate: number | null, most: number): number {
  if (rate === null || rate <= 0) return THINNEST;
  return Math.max(THINNEST, (rate / most) * WIDEST);
}

/** The most that flows anywhere: the widest reach. */
function mostOf({ flow, sources }: OperationsSnapshot): number {
  const total = sources.reduce((sum, source) => sum + (source.eventsPerSecond ?? 0), 0);
  return Math.max(1e-9, total, flow.appended ?? 0, flow.processed ?? 0, flow.archived ?? 0);
}

function laggingTone(data: OperationsSnapshot, group: 'main' | 'archive'): { tone: Tone; note?: string } {
  const readings = data.lag.rows.map(([shardId, partition, of, lagSeconds, backlog, owner]): LagReading => {
    return {
      shardId,
      partition,
      group: of,
      lagSeconds,
      backlog,
      owner: owner < 0 ? null : (data.lag.owners[owner] ?? null),
    };
  });
  const worst = worstLag(readings, group);
  if (worst.seconds === null) return { tone: 'neutral', note: 'lag –' };
  const seconds = worst.seconds < 10 ? Math.round(worst.seconds * 10) / 10 : Math.round(worst.seconds);
  return { tone: toneOfLag(worst.seconds), note: `lag ${seconds} s` };
}

/** Sources by rate; the small ones together. */
function mainSources(data: OperationsSnapshot, names: Map<string, string>) {
  const all = data.sources
    .map(({ sourceId, eventsPerSecond }) => ({
      key: sourceId,
      name: names.get(sourceId) ?? sourceId,
      rate: eventsPerSecond,
    }))
    .sort((a, b) => (b.rate ?? 0) - (a.rate ?? 0));
  if (all.length <= MOST_SOURCES) return all;
  const rest = all.slice(MOST_SOURCES - 1);
  const rate = rest.reduce((sum, source) => sum + (source.rate ?? 0), 0);
  return [...all.slice(0, MOST_SOURCES - 1), { key: 'others', name: `${rest.length} others`, rate }];
}

export function stagesOf(data: OperationsSnapshot, names: Map<string, string>): RiverStage[] {
  const most = mostOf(data);
  const { flow } = data;
  const main = laggingTone(data, 'main');
  const archive = laggingTone(data, 'archive');
  const tall = (rate: number | null) => Math.max(14, widthOf(rate, most) + 6);
  const quiet = 'neutral' as const;
  const inLine = (
    key: string,
    name: string,
    x: number,
    rate: number | null,
    rest: { tone: Tone; note?: string },
  ) => ({
    key,
    name,
    rate,
    unit: 'events/s',
    ...rest,
    x,
    y: MIDDLE,
    tall: tall(rate),
    labelX: x + 2.5,
    labelY: 182,
    anchor: 'middle' as const,
  });
  const atEnd = (
    key: string,
    name: string,
    y: number,
    rate: number | null,
    rest: { tone: Tone; note?: string; unit?: string },
  ) => ({
    key,
    name,
    rate,
    unit: 'events/s',
    ...rest,
    x: X.ends,
    y,
    tall: key === 'decisions' ? 14 : tall(rate),
    labelX: X.ends + 16,
    labelY: y - 3,
    anchor: 'start' as const,
  });
  const sources = mainSources(data, names);
  const step = 150 / Math.max(1, sources.length);
  return [
    ...sources.map(({ key, name, rate }, index) => {
      const y = MIDDLE - 75 + step * (index + 0.5);
      const label = { labelX: X.sources - 10, labelY: y - 3, anchor: 'end' as const };
      return {
        key: `source:${key}`,
        name,
        rate,
        unit: 'events/s',
        tone: quiet,
        x: X.sources,
        y,
        tall: 12 + widthOf(rate, most) * 0.5,
        ...label,
      };
    }),
    inLine('collector', 'Collector', X.collector, flow.appended, { tone: quiet }),
    inLine('log', 'Log', X.log, flow.appended, { tone: quiet, note: 'on disk' }),
    inLine('processors', 'Processors', X.processors, flow.processed, main),
    atEnd('screens', 'Screens', 36, flow.processed, { tone: main.tone }),
    atEnd('decisions', 'Decisions', MIDDLE, flow.decisions, { tone: main.tone, unit: 'decisions/s' }),
    atEnd('archive', 'Archive', 164, flow.archived, archive),
  ];
}

export function reachesOf(stages: readonly RiverStage[], data: OperationsSnapshot): Reach[] {
  const most = mostOf(data);
  const find = (key: string) => stages.find((stage) => stage.key === key);
  const between = (
    from: RiverStage | undefined,
    to: RiverStage | undefined,
    rate: number | null,
  ): Reach[] => {
    if (!from || !to) return [];
    const width = widthOf(rate, most);
    return [
      {
        key: `${from.key}-${to.key}`,
        x1: from.x + 5,
        y1: from.y,
        x2: to.x,
        y2: to.y,
        rate,
        width,
        tone: to.tone,
      },
    ];
  };
  const collector = find('collector');
  const processors = find('processors');
  return [
    ...stages
      .filter((stage) => stage.key.startsWith('source:'))
      .flatMap((stage) => between(stage, collector, stage.rate)),
    ...between(collector, find('log'), data.flow.appended),
    ...between(find('log'), processors, data.flow.processed),
    ...between(processors, find('screens'), data.flow.processed),
    ...between(processors, find('decisions'), data.flow.decisions),
    ...between(find('log'), find('archive'), data.flow.archived),
  ];
}
