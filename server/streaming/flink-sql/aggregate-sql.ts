import { DAY_MS, MINUTE_MS } from '@/server/core/durations';
import { FACT_MEASURES, type FactMeasure } from '../fact-measure';
import type { WindowedAggregatePipeline } from '../pipeline';
import type { BusinessCalendar, OpeningHours, WindowShape } from '../window-shape';
import { type FlinkSource, kindCondition, sinkTable, sourceTable } from './source-tables';
import { sqlComment, sqlInterval, sqlList, sqlText } from './sql-text';

type Column = readonly [name: string, type: string, expression: string];

const TIME = 'TIMESTAMP(3)';

/** A windowed aggregate: a table of facts, a view of what counts, and the aggregate over windows of it. */
export function aggregateSql(pipeline: WindowedAggregatePipeline, source: FlinkSource): string[] {
  const measure: FactMeasure = FACT_MEASURES[pipeline.measure];
  const columns = columnsOf(pipeline, measure);
  const parts = partsOf(pipeline);
  return [
    ...notesOf(pipeline).map(sqlComment),
    `SET 'table.local-time-zone' = ${sqlText(zoneOf(pipeline))};`,
    sourceTable('facts', pipeline.watermarkDelayMs + pipeline.latenessMs, source),
    ...parts.map((part) => viewOf(part, measure)),
    sinkTable([
      ['window_start', TIME],
      ['window_end', TIME],
      ...columns.map(([name, type]) => [name, type] as const),
    ]),
    `INSERT INTO \`results\`\n${parts.map((part) => queryOf(pipeline.shape, part, columns)).join('\nUNION ALL\n')};`,
  ];
}

function zoneOf({ alignment }: WindowedAggregatePipeline): string {
  if (alignment.kind === 'epoch') return 'UTC';
  return alignment.kind === 'day' ? alignment.zone : alignment.calendar.zone;
}

function notesOf({ alignment, shape, latePolicy }: WindowedAggregatePipeline): string[] {
  const notes = [
    'Results come once, when they are final: the watermark waits for the allowed lateness as well.',
  ];
  if (latePolicy.kind !== 'discard') {
    notes.push('What is later is dropped here. The built-in engine lists it, or corrects what it published.');
  }
  const partOfDay = shape.kind !== 'session' && shape.sizeMs < DAY_MS;
  if (alignment.kind !== 'epoch' && partOfDay) {
    notes.push(
      'Parts of a day are cut by the clock on the wall here, by elapsed time in the built-in engine:',
    );
    notes.push('they differ on the days of a clock change.');
  }
  return notes;
}

/** Rows of one kind of opening (or all rows), and what parts them beside the window. */
interface Part {
  view: string;
  /** extra columns of the view */
  columns: string[];
  conditions: string[];
  /** columns of the view to group by */
  groups: string[];
  offsetMs: number;
}

function partsOf({ alignment, shape }: WindowedAggregatePipeline): Part[] {
  if (alignment.kind === 'epoch') return [plain(alignment.offsetMs)];
  if (alignment.kind === 'businessHours') return openingParts(alignment.calendar);
  if (shape.kind !== 'session') return [plain(0)];
  return [{ ...plain(0), columns: ['CAST(`at` AS DATE) AS `frame`'], groups: ['frame'] }];
}

function plain(offsetMs: number): Part {
  return { view: 'counted', columns: [], conditions: [], groups: [], offsetMs };
}

/** Hours that open and close alike make one part. A row belongs to the date on which its opening began. */
function openingParts({ hours, holidays }: BusinessCalendar): Part[] {
  const alike = Map.groupBy(hours, ({ opens, closes }) => `${opens} ${closes}`);
  return [...alike.values()].map((group, index) => openingPart(`counted_${index + 1}`, group, holidays));
}

function openingPart(view: string, group: readonly OpeningHours[], holidays: readonly string[]): Part {
  const { opens, closes } = group[0] as OpeningHours;
  const offsetMs = minutesOf(opens) * MINUTE_MS;
  const opening = openingDate('CAST(`at` AS TIMESTAMP(3))', offsetMs);
  // Sunday is 1 there, Monday 1 here.
  const days = group.map(({ day }) => (day % 7) + 1).join(', ');
  const time = "DATE_FORMAT(CAST(`at` AS TIMESTAMP(3)), 'HH:mm')";
  const from = `${time} >= ${sqlText(opens)}`;
  const to = `${time} < ${sqlText(closes)}`;
  const conditions = [closes > opens ? `${from} AND ${to}` : `(${from} OR ${to})`];
  conditions.push(`DAYOFWEEK(${opening}) IN (${days})`);
  if (holidays.length > 0) conditions.push(`CAST(${opening} AS STRING) NOT IN (${sqlList(holidays)})`);
  return { view, columns: [`${opening} AS \`frame\``], conditions, groups: ['frame'], offsetMs };
}

function openingDate(local: string, offsetMs: number): string {
  return `CAST(${local} - ${sqlInterval(offsetMs)} AS DATE)`;
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

function viewOf({ view, columns, conditions }: Part, { kinds }: FactMeasure): string {
  const shown = ['*', ...columns].join(', ');
  const where = [kindCondition(kinds), ...conditions].join('\n  AND ');
  return `CREATE TEMPORARY VIEW \`${view}\` AS\nSELECT ${shown}\nFROM \`facts\`\nWHERE ${where};`;
}

function columnsOf({ groupBy }: WindowedAggregatePipeline, measure: FactMeasure): Column[] {
  const key: Column[] = groupBy === 'platform' ? [['platform', 'STRING', '`platform`']] : [];
  if (measure.fold === 'count') return [...key, ['value', 'BIGINT', 'SUM(`sign`)']];
  if (measure.fold === 'share') {
    const part = `SUM(CASE WHEN ${kindCondition(measure.part)} THEN \`sign\` ELSE 0 END)`;
    return [...key, ['value', 'DOUBLE', `CAST(${part} AS DOUBLE) / NULLIF(SUM(\`sign\`), 0)`]];
  }
  const plus = '`sign` * `amount`';
  const signed =
    measure.minus.length === 0
      ? plus
      : `CASE WHEN ${kindCondition(measure.minus)} THEN -1 * ${plus} ELSE ${plus} END`;
  return [...key, ['currency', 'STRING', '`currency`'], ['value', 'DECIMAL(38, 18)', `SUM(${signed})`]];
}

function queryOf(shape: WindowShape, part: Part, columns: readonly Column[]): string {
  const groups = columns.filter(([name]) => name !== 'value').map(([name]) => name);
  const values = columns.map(([name, , expression]) => `${expression} AS \`${name}\``);
  const by = [...groups, ...part.groups].map((name) => `\`${name}\``);
  if (shape.kind === 'session') return sessionQuery(shape.gapMs, part.view, values, by);
  const selected = ['`window_start`', '`window_end`', ...values].join(', ');
  const windows = ['`window_start`', '`window_end`', ...by].join(', ');
  const from = `FROM TABLE(${windowFunction(shape, part)})`;
  const framed =
    part.groups.length > 0 ? `\nWHERE ${openingDate('`window_start`', part.offsetMs)} = \`frame\`` : '';
  return `SELECT ${selected}\n${from}${framed}\nGROUP BY ${windows}`;
}

function windowFunction(shape: Exclude<WindowShape, { kind: 'session' }>, { view, offsetMs }: Part): string {
  const slideMs = shape.kind === 'hopping' ? shape.slideMs : shape.sizeMs;
  const sizes = shape.kind === 'hopping' ? [slideMs, shape.sizeMs] : [shape.sizeMs];
  const offset = offsetMs % slideMs;
  if (offset !== 0) sizes.push(offset);
  const name = shape.kind === 'hopping' ? 'HOP' : 'TUMBLE';
  return `${name}(TABLE \`${view}\`, DESCRIPTOR(\`at\`), ${sizes.map(sqlInterval).join(', ')})`;
}

/** The group window: the grammar of window functions takes no sessions in all versions. */
function sessionQuery(gapMs: number, view: string, values: readonly string[], by: readonly string[]): string {
  const gap = sqlInterval(gapMs);
  const bounds = [
    `SESSION_START(\`at\`, ${gap}) AS \`window_start\``,
    `SESSION_END(\`at\`, ${gap}) AS \`window_end\``,
  ];
  const groups = [`SESSION(\`at\`, ${gap})`, ...by].join(', ');
  return `SELECT ${[...bounds, ...values].join(', ')}\nFROM \`${view}\`\nGROUP BY ${groups}`;
}
