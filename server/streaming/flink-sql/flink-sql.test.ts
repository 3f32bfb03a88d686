import { EntityContextType, FlinkSQL } from 'dt-sql-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { FACT_MEASURE_NAMES } from '../fact-measure';
import type { PipelineDefinition, WindowedAggregatePipeline } from '../pipeline';
import type { Alignment, WindowShape } from '../window-shape';
import { flinkSql } from './flink-sql';
import { sqlInterval } from './sql-text';

const parser = new FlinkSQL();
const SOURCE = { topic: 'millrace.facts', brokers: 'localhost:9092', idleMs: 30_000 };

/** What the grammar of Flink SQL has against a text. */
const faultsOf = (text: string) =>
  parser.validate(text).map(({ message, startLine }) => `${startLine}: ${message}`);
const statements = (text: string) => parser.splitSQLByStatement(text)?.length ?? 0;

const BASE: WindowedAggregatePipeline = {
  kind: 'windowedAggregate',
  name: 'Abandonment by quarter of an hour',
  measure: 'abandonmentRate',
  groupBy: 'platform',
  shape: { kind: 'tumbling', sizeMs: 15 * MINUTE_MS },
  alignment: { kind: 'epoch', offsetMs: 0 },
  watermarkDelayMs: 10 * SECOND_MS,
  latenessMs: 10 * MINUTE_MS,
  latePolicy: { kind: 'correct', keepMs: DAY_MS },
};
const SHAPES: WindowShape[] = [
  { kind: 'tumbling', sizeMs: 15 * MINUTE_MS },
  { kind: 'tumbling', sizeMs: DAY_MS },
  { kind: 'hopping', sizeMs: 6 * HOUR_MS, slideMs: 30 * MINUTE_MS },
  { kind: 'session', gapMs: 30 * MINUTE_MS },
];
const ALIGNMENTS: Alignment[] = [
  { kind: 'epoch', offsetMs: 0 },
  { kind: 'epoch', offsetMs: 5 * MINUTE_MS },
  { kind: 'day', zone: 'America/New_York' },
  {
    kind: 'businessHours',
    calendar: {
      zone: 'Europe/Berlin',
      hours: [
        { day: 1, opens: '09:00', closes: '18:00' },
        { day: 2, opens: '09:00', closes: '18:00' },
        { day: 5, opens: '22:00', closes: '02:30' },
        { day: 7, opens: '00:00', closes: '00:00' },
      ],
      holidays: ['2026-12-25', '2026-12-26'],
    },
  },
];

const CUSTOMER_PIPELINES: PipelineDefinition[] = [
  {
    kind: 'pattern',
    name: 'Failed payments',
    eventName: 'Payment Failed',
    times: 3,
    withinMs: 5 * MINUTE_MS,
    latenessMs: 600_000,
  },
  { kind: 'abandonment', name: 'Carts', gapMs: 30 * MINUTE_MS, latenessMs: 10 * MINUTE_MS },
  { kind: 'visits', name: 'Visits', gapMs: 30 * MINUTE_MS, latenessMs: 0 },
];

describe('Flink SQL', () => {
  it('is checked by a grammar that sees faults', () => {
    expect(faultsOf('SELECT FROM WHERE')).not.toEqual([]);
    expect(faultsOf(flinkSql(BASE, SOURCE).replace('GROUP BY', 'GROUP'))).not.toEqual([]);
    expect(faultsOf(flinkSql(BASE, SOURCE).replace('DESCRIPTOR', 'DESCRIBED'))).not.toEqual([]);
  });

  it.each(CUSTOMER_PIPELINES)('parses: $kind', (pipeline) => {
    const text = flinkSql(pipeline, SOURCE);
    expect(faultsOf(text)).toEqual([]);
    expect(statements(text)).toBeGreaterThanOrEqual(4);
  });

  it('parses for every measure, shape, alignment and grouping', () => {
    for (const measure of FACT_MEASURE_NAMES) {
      for (const shape of SHAPES) {
        for (const alignment of ALIGNMENTS) {
          const groupBy = shape.kind === 'hopping' ? 'none' : 'platform';
          const text = flinkSql({ ...BASE, measure, shape, alignment, groupBy }, SOURCE);
          expect(faultsOf(text), text).toEqual([]);
        }
      }
    }
  });

  it('names the tables it reads and writes', () => {
    const entities = parser.getAllEntities(flinkSql(BASE, SOURCE)) ?? [];
    const named = (type: EntityContextType) =>
      entities.filter(({ entityContextType }) => entityContextType === type).map(({ text }) => text);
    expect(named(EntityContextType.TABLE_CREATE)).toEqual(['`facts`', '`results`']);
    expect(named(EntityContextType.VIEW_CREATE)).toEqual(['`counted`']);
  });

  it('says the windows and the watermark of the definition', () => {
    const text = flinkSql(BASE, SOURCE);
    expect(text).toContain("WATERMARK FOR `at` AS `at` - INTERVAL '0 00:10:10.000' DAY TO SECOND");
    expect(text).toContain("TUMBLE(TABLE `counted`, DESCRIPTOR(`at`), INTERVAL '15' MINUTE)");
    const hopping = { ...BASE, shape: SHAPES[2] as WindowShape, alignment: ALIGNMENTS[1] as Alignment };
    expect(flinkSql(hopping, SOURCE)).toContain(
      "HOP(TABLE `counted`, DESCRIPTOR(`at`), INTERVAL '30' MINUTE, INTERVAL '6' HOUR, INTERVAL '5' MINUTE)",
    );
    const zoned = { ...BASE, alignment: ALIGNMENTS[2] as Alignment };
    expect(flinkSql(zoned, SOURCE)).toContain("SET 'table.local-time-zone' = 'America/New_York';");
    const [pattern] = CUSTOMER_PIPELINES;
    expect(flinkSql(pattern as PipelineDefinition, SOURCE)).toContain(
      "PATTERN (E{3,3}) WITHIN INTERVAL '5' MINUTE",
    );
  });

  it('says opening hours: days, nights, holidays', () => {
    const text = flinkSql({ ...BASE, alignment: ALIGNMENTS[3] as Alignment }, SOURCE);
    expect(text).toContain('IN (2, 3)');
    expect(text).toContain(
      "HH:mm') >= '22:00' OR DATE_FORMAT(CAST(`at` AS TIMESTAMP(3)), 'HH:mm') < '02:30')",
    );
    expect(text).toContain("NOT IN ('2026-12-25', '2026-12-26')");
    expect(text.match(/UNION ALL/g)).toHaveLength(2);
  });

  const nasty = fc.string({
    unit: fc.constantFrom("'", '`', '"', ';', '-', '\\', '\n', '\r', '/', '*', 'a', ' ', 'é', '😀', '{', '}'),
    maxLength: 20,
  });

  it('parses whatever names and texts hold, and they stay what they are', () => {
    fc.assert(
      fc.property(nasty, nasty, (name, eventName) => {
        const [pattern, ...others] = CUSTOMER_PIPELINES;
        const given = [{ ...pattern, name, eventName } as PipelineDefinition, ...others, BASE];
        for (const pipeline of given) {
          const text = flinkSql({ ...pipeline, name }, SOURCE);
          const usual = flinkSql(
            { ...pipeline, name: 'x', ...(pipeline.kind === 'pattern' && { eventName: 'x' }) },
            SOURCE,
          );
          expect(faultsOf(text), text).toEqual([]);
          expect(statements(text)).toBe(statements(usual));
        }
      }),
      { seed: 41, numRuns: 60 },
    );
  });

  it('parses whatever the sizes, zones and hours', () => {
    const ms = fc.oneof(
      fc.integer({ min: 1, max: 400 * DAY_MS }),
      fc.integer({ min: 1, max: 500 }).map((n) => n * MINUTE_MS),
    );
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    const hours = fc.array(fc.record({ day: fc.integer({ min: 1, max: 7 }), opens: time, closes: time }), {
      minLength: 1,
      maxLength: 6,
    });
    const shape = fc.oneof(
      ms.map((sizeMs): WindowShape => ({ kind: 'tumbling', sizeMs })),
      fc
        .tuple(ms, ms)
        .map(([a, b]): WindowShape => ({ kind: 'hopping', sizeMs: Math.max(a, b), slideMs: Math.min(a, b) })),
      ms.map((gapMs): WindowShape => ({ kind: 'session', gapMs })),
    );
    const alignment = fc.oneof(
      ms.map((offsetMs): Alignment => ({ kind: 'epoch', offsetMs })),
      fc.constantFrom<Alignment>({ kind: 'day', zone: 'Australia/Lord_Howe' }),
      hours.map(
        (list): Alignment => ({
          kind: 'businessHours',
          calendar: { zone: 'Pacific/Auckland', hours: list, holidays: ['2026-01-01'] },
        }),
      ),
    );
    fc.assert(
      fc.property(
        shape,
        alignment,
        ms,
        fc.constantFrom(...FACT_MEASURE_NAMES),
        (how, where, latenessMs, measure) => {
          const text = flinkSql({ ...BASE, shape: how, alignment: where, latenessMs, measure }, SOURCE);
          expect(faultsOf(text), text).toEqual([]);
        },
      ),
      { seed: 42, numRuns: 80 },
    );
  });

  it('tells spans in the greatest unit that is whole', () => {
    expect([SECOND_MS, 90 * SECOND_MS, 2 * HOUR_MS, 31 * DAY_MS].map(sqlInterval)).toEqual([
      "INTERVAL '1' SECOND",
      "INTERVAL '90' SECOND",
      "INTERVAL '2' HOUR",
      "INTERVAL '31' DAY",
    ]);
    expect(sqlInterval(100 * MINUTE_MS + 1)).toBe("INTERVAL '0 01:40:00.001' DAY TO SECOND");
    expect(sqlInterval(0)).toBe("INTERVAL '0' SECOND");
  });
});
