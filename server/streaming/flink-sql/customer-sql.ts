import type { AbandonmentPipeline, PatternPipeline, VisitPipeline } from '../pipeline';
import { type FlinkSource, sinkTable, sourceTable } from './source-tables';
import { sqlComment, sqlInterval, sqlList, sqlText } from './sql-text';

const TIME = 'TIMESTAMP(3)';
const UTC = "SET 'table.local-time-zone' = 'UTC';";

/** Names of events that keep a cart open, and of the one that converts it. */
const CART_EVENTS = [
  'Product Added',
  'Product Removed',
  'Cart Viewed',
  'Checkout Started',
  'Coupon Applied',
  'Payment Failed',
];
const ORDER = 'Order Completed';

/** So many events of a name by one customer within a span, each counted once. */
export function patternSql(pipeline: PatternPipeline, source: FlinkSource): string[] {
  const { eventName, times, withinMs, latenessMs } = pipeline;
  return [
    UTC,
    sourceTable('events', latenessMs, source),
    `CREATE TEMPORARY VIEW \`counted\` AS\nSELECT \`customer\`, \`name\`, \`at\`\nFROM \`events\`\nWHERE \`name\` = ${sqlText(eventName)};`,
    sinkTable([
      ['customer', 'STRING'],
      ['first_at', TIME],
      ['last_at', TIME],
    ]),
    [
      'INSERT INTO `results`',
      'SELECT `customer`, `first_at`, `last_at`',
      'FROM `counted` MATCH_RECOGNIZE (',
      '  PARTITION BY `customer`',
      '  ORDER BY `at`',
      '  MEASURES FIRST(E.`at`) AS `first_at`, LAST(E.`at`) AS `last_at`',
      '  ONE ROW PER MATCH',
      '  AFTER MATCH SKIP PAST LAST ROW',
      `  PATTERN (E{${times},${times}}) WITHIN ${sqlInterval(withinMs)}`,
      `  DEFINE E AS E.\`name\` = ${sqlText(eventName)}`,
      ');',
    ].join('\n'),
  ];
}

function flag(name: string): string {
  return `CASE WHEN \`name\` = ${sqlText(name)} THEN 1 ELSE 0 END`;
}

/** Carts as sessions of a customer's cart events, counted anew after every order; those without one are abandoned. */
export function abandonmentSql(pipeline: AbandonmentPipeline, source: FlinkSource): string[] {
  const gap = sqlInterval(pipeline.gapMs);
  return [
    sqlComment('A cart emptied by removals is not told apart here, as the built-in engine does.'),
    sqlComment(
      'An event exactly the gap after the last keeps a session here. There the cart is abandoned before it.',
    ),
    UTC,
    sourceTable('events', pipeline.latenessMs, source),
    [
      'CREATE TEMPORARY VIEW `cart_events` AS',
      'SELECT `customer`, `at`,',
      `  ${flag(ORDER)} AS \`is_order\`,`,
      `  ${flag('Product Added')} AS \`is_add\``,
      `FROM \`events\`\nWHERE \`name\` IN (${sqlList([...CART_EVENTS, ORDER])});`,
    ].join('\n'),
    [
      'CREATE TEMPORARY VIEW `numbered` AS',
      'SELECT `customer`, `at`, `is_order`, `is_add`, SUM(`is_order`) OVER (',
      '  PARTITION BY `customer` ORDER BY `at` ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
      ') AS `orders_so_far`\nFROM `cart_events`;',
    ].join('\n'),
    [
      'CREATE TEMPORARY VIEW `carts` AS',
      'SELECT `customer`, `at`, `is_order`, `is_add`, `orders_so_far` - `is_order` AS `cart_number`',
      'FROM `numbered`;',
    ].join('\n'),
    sinkTable([
      ['customer', 'STRING'],
      ['opened_at', TIME],
      ['abandoned_at', TIME],
    ]),
    [
      'INSERT INTO `results`',
      `SELECT \`customer\`, SESSION_START(\`at\`, ${gap}) AS \`opened_at\`, SESSION_END(\`at\`, ${gap}) AS \`abandoned_at\``,
      'FROM `carts`',
      `GROUP BY SESSION(\`at\`, ${gap}), \`customer\`, \`cart_number\``,
      'HAVING SUM(`is_order`) = 0 AND SUM(`is_add`) > 0;',
    ].join('\n'),
  ];
}

/** Visits as sessions of a customer's events. */
export function visitSql(pipeline: VisitPipeline, source: FlinkSource): string[] {
  const gap = sqlInterval(pipeline.gapMs);
  return [
    UTC,
    sourceTable('events', pipeline.latenessMs, source),
    sinkTable([
      ['customer', 'STRING'],
      ['started_at', TIME],
      ['ended_at', TIME],
      ['events', 'BIGINT'],
    ]),
    [
      'INSERT INTO `results`',
      `SELECT \`customer\`, SESSION_START(\`at\`, ${gap}) AS \`started_at\`, SESSION_END(\`at\`, ${gap}) AS \`ended_at\`, COUNT(*) AS \`events\``,
      'FROM `events`',
      `GROUP BY SESSION(\`at\`, ${gap}), \`customer\`;`,
    ].join('\n'),
  ];
}
