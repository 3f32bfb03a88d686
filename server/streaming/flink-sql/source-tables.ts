import { sqlInterval, sqlList, sqlName, sqlText } from './sql-text';

/** Where the exported text reads from; named by whoever runs it. Options take no text but plain quoted ones. */
export interface FlinkSource {
  topic: string;
  brokers: string;
  /** a partition silent for this long holds no watermark back, ms */
  idleMs: number;
}

const FACT_COLUMNS = [
  ['kind', 'STRING'],
  ['customer', 'STRING'],
  ['at_ms', 'BIGINT'],
  ['sign', 'INT'],
  ['amount', 'DECIMAL(38, 18)'],
  ['currency', 'STRING'],
  ['platform', 'STRING'],
] as const;

const EVENT_COLUMNS = [
  ['message_id', 'STRING'],
  ['customer', 'STRING'],
  ['name', 'STRING'],
  ['at_ms', 'BIGINT'],
] as const;

/**
 * A source of JSON lines with event time and watermark.
 * @param waitMs how far its watermark stays behind the newest event time
 */
export function sourceTable(table: 'facts' | 'events', waitMs: number, source: FlinkSource): string {
  const columns = table === 'facts' ? FACT_COLUMNS : EVENT_COLUMNS;
  const lines = [
    ...columns.map(([name, type]) => `${sqlName(name)} ${type}`),
    '`at` AS TO_TIMESTAMP_LTZ(`at_ms`, 3)',
    `WATERMARK FOR \`at\` AS \`at\` - ${sqlInterval(waitMs)}`,
  ];
  return statement(`CREATE TABLE ${sqlName(table)} (`, lines, [
    ['connector', 'kafka'],
    ['topic', source.topic],
    ['properties.bootstrap.servers', source.brokers],
    ['scan.startup.mode', 'earliest-offset'],
    ['scan.watermark.idle-timeout', `${source.idleMs} ms`],
    ['format', 'json'],
  ]);
}

/** A sink that prints, with the columns of a result: to be replaced by where results should go. */
export function sinkTable(columns: readonly (readonly [name: string, type: string])[]): string {
  const lines = columns.map(([name, type]) => `${sqlName(name)} ${type}`);
  return statement('CREATE TABLE `results` (', lines, [['connector', 'print']]);
}

function statement(
  head: string,
  lines: readonly string[],
  options: readonly (readonly [string, string])[],
): string {
  const settings = options.map(([key, value]) => `  ${sqlText(key)} = ${sqlText(value)}`).join(',\n');
  return `${head}\n  ${lines.join(',\n  ')}\n) WITH (\n${settings}\n);`;
}

export function kindCondition(kinds: readonly string[]): string {
  return `\`kind\` IN (${sqlList(kinds)})`;
}
