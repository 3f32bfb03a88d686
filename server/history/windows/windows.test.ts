import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import { offsetKey, partitionsKey } from '@/server/event-log';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { businessCalendarForm } from './business-calendar.schema';
import { createCalendar, removeCalendar } from './business-calendar.service';
import { pipelines } from './pipelines.service';
import { type WindowDefinition, windowDefinitionSchema } from './window-definition.schema';
import { changeWindow, createWindow, removeWindow } from './window-definition.service';
import { windowResults } from './window-results.service';

/** Facts in the archive of a real Postgres, and windows over them. */

const NOON = Date.UTC(2026, 4, 20, 12);
/** Long after all that is archived here: what comes just now would be read otherwise. */
const NOW = Date.UTC(2040, 0, 1);
let deps: Deps;
let workspace: Awaited<ReturnType<typeof testWorkspace>>;
let shardId: number;
let written = 0;

beforeAll(async () => {
  deps = { ...(await testDeps()), now: () => NOW };
  workspace = await testWorkspace(deps, 'north');
  const [shard] = await shardsOf(deps, workspace.workspaceId);
  shardId = shard?.shardId ?? 0;
});

interface Written {
  kind: string;
  at: number;
  /** log time; the event's own by default */
  logged?: number;
  sign?: 1 | -1;
  amount?: string;
  currency?: string;
  platform?: string;
  partition?: number;
}

async function archive(...facts: Written[]): Promise<void> {
  const { workspaceId } = workspace;
  const rows = facts.map(({ at, logged = at, partition = 0, sign = 1, platform = 'web', ...more }) => {
    written += 1;
    const position = `${logged}-0/${written}-0`;
    const place = { workspaceId, shardId, partition, position, customer: 'customer-1' };
    return { ...more, ...place, at: new Date(at), sign, platform };
  });
  await withWorkspace(deps.db, workspaceId, (tx) => tx.historyFact.createMany({ data: rows }));
}

const definitionOf = (part: Partial<WindowDefinition>): WindowDefinition =>
  windowDefinitionSchema.parse({
    measure: 'visits',
    groupBy: 'none',
    shape: { kind: 'tumbling', sizeMs: 10 * MINUTE_MS },
    alignment: { kind: 'epoch', offsetMs: 0 },
    watermarkDelayMs: 0,
    latenessMs: 5 * MINUTE_MS,
    latePolicy: { kind: 'sideOutput', keepMs: DAY_MS },
    ...part,
  });
const resultsOf = (part: Partial<WindowDefinition>, from: number, to: number) =>
  windowResults(deps, workspace.workspaceId, { definition: definitionOf(part), from, to });
const minute = (base: number, minutes: number) => base + minutes * MINUTE_MS;

describe('windows over archived facts', () => {
  /** Every test has a day of its own. */
  let base = NOON;
  beforeEach(() => {
    base += 40 * DAY_MS;
  });

  it('say what was published, what corrections made of it, and what is final', async () => {
    await archive(
      { kind: 'visit', at: minute(base, 1) },
      { kind: 'visit', at: minute(base, 2) },
      { kind: 'visit', at: minute(base, 11) },
      // Within the lateness: one is taken back, two are new.
      { kind: 'visit', at: minute(base, 2), sign: -1, logged: minute(base, 12) },
      { kind: 'visit', at: minute(base, 3), logged: minute(base, 12) },
      { kind: 'visit', at: minute(base, 4), logged: minute(base, 12) },
      { kind: 'visit', at: minute(base, 14) },
      { kind: 'visit', at: minute(base, 27) },
    );
    const { windows, late, watermark } = await resultsOf({}, base, minute(base, 40));
    const seen = windows.map(({ start, phase, published, corrected, corrections }) => ({
      minute: (start - base) / MINUTE_MS,
      phase,
      published,
      corrected,
      corrections,
    }));
    const value = (n: number) => ({ fold: 'count', value: n });
    expect(seen).toEqual([
      { minute: 20, phase: 'open', published: null, corrected: null, corrections: 0 },
      { minute: 10, phase: 'final', published: value(2), corrected: null, corrections: 0 },
      { minute: 0, phase: 'final', published: value(2), corrected: value(3), corrections: 3 },
    ]);
    expect(late).toEqual([]);
    expect(watermark).toMatchObject({ at: minute(base, 27), partitions: 1, idle: 0 });
  });

  it.each([
    ['sideOutput', 'aside', 1, null],
    ['correct', 'corrected', 1, 2],
    ['discard', 'discarded', 1, null],
  ] as const)('give what is late its policy: %s', async (kind, fate, published, corrected) => {
    base += DAY_MS;
    await archive(
      { kind: 'visit', at: minute(base, 1) },
      { kind: 'visit', at: minute(base, 25) },
      { kind: 'visit', at: minute(base, 2), logged: minute(base, 26) },
    );
    const latePolicy = kind === 'discard' ? { kind } : { kind, keepMs: DAY_MS };
    const { windows, late } = await resultsOf({ latePolicy }, base, minute(base, 20));
    expect(windows[0]?.published).toEqual({ fold: 'count', value: published });
    expect(windows[0]?.corrected ?? null).toEqual(corrected && { fold: 'count', value: corrected });
    expect(late.map((row) => [row.fate, row.start, row.at])).toEqual([[fate, base, minute(base, 2)]]);
    if (kind !== 'discard') expect(late[0]?.corrected).toEqual({ fold: 'count', value: 2 });
  });

  it('wait for a partition that is behind, not for one that fell silent', async () => {
    await archive(
      { kind: 'visit', at: minute(base, 1), partition: 1 },
      { kind: 'visit', at: minute(base, 1), partition: 2 },
      { kind: 'visit', at: minute(base, 12), partition: 1, logged: minute(base, 1) + 10_000 },
    );
    const early = await resultsOf({}, base, minute(base, 10));
    expect(early.windows.map(({ phase }) => phase)).toEqual(['open']);
    expect(early.watermark.heldBy).toBe(`${shardId}.2`);
    await archive({ kind: 'visit', at: minute(base, 13), partition: 1, logged: minute(base, 20) });
    const later = await resultsOf({}, base, minute(base, 10));
    expect(later.windows.map(({ phase }) => phase)).toEqual(['provisional']);
    expect(later.watermark).toMatchObject({ partitions: 2, idle: 1 });
  });

  it('wait for no partition that never had an event', async () => {
    const { logRedis, now } = deps;
    // Where a key was linked of which nothing is known: processed just now, and no time has come with it.
    await logRedis.sadd(partitionsKey(shardId), 3);
    await logRedis.hset(offsetKey(shardId, 3, 'main'), { id: '1-0', at: now() });
    await archive({ kind: 'visit', at: minute(base, 1) }, { kind: 'visit', at: minute(base, 27) });
    const { windows, watermark } = await resultsOf({}, base, minute(base, 40));
    await logRedis.srem(partitionsKey(shardId), 3);
    expect(windows.map(({ phase }) => phase)).toEqual(['open', 'final']);
    expect(watermark).toMatchObject({ at: minute(base, 27), partitions: 1 });
  });

  it('sum money exactly, currencies apart, by platform', async () => {
    await archive(
      { kind: 'order', at: base, amount: '0.1', currency: 'USD' },
      { kind: 'order', at: base, amount: '0.2', currency: 'USD' },
      { kind: 'order', at: base, amount: '7', currency: 'EUR' },
      { kind: 'refund', at: base, amount: '0.3', currency: 'USD' },
      { kind: 'order', at: base, amount: '5', currency: 'USD', platform: 'ios' },
    );
    const { windows } = await resultsOf({ measure: 'netRevenue', groupBy: 'platform' }, base, base + HOUR_MS);
    expect(Object.fromEntries(windows.map(({ key, value }) => [key, value]))).toEqual({
      web: { fold: 'sum', amounts: { EUR: '7' } },
      ios: { fold: 'sum', amounts: { USD: '5' } },
    });
  });

  it('give the abandonment rate by opening hours of a calendar', async () => {
    const ops = workspace.actor('ops');
    // The 29th of March 2026 is a Sunday of 23 hours in Berlin.
    const sunday = Date.parse('2026-03-29T00:00Z');
    const form = businessCalendarForm.parse({
      name: 'Night shop',
      zone: 'Europe/Berlin',
      hours: [{ day: 6, opens: '22:00', closes: '04:00' }],
      holidays: [],
    });
    const { id } = await createCalendar(deps, ops, form);
    await archive(
      { kind: 'cartAbandoned', at: sunday - HOUR_MS },
      { kind: 'cartConverted', at: sunday + HOUR_MS },
      { kind: 'cartConverted', at: sunday + 1.9 * HOUR_MS },
      // Closed: four in the morning is two o'clock UTC since the clocks went forward.
      { kind: 'cartConverted', at: sunday + 2 * HOUR_MS },
    );
    const { windows } = await resultsOf(
      {
        measure: 'abandonmentRate',
        shape: { kind: 'tumbling', sizeMs: DAY_MS },
        alignment: { kind: 'businessHours', calendarId: id },
      },
      sunday - DAY_MS,
      sunday + DAY_MS,
    );
    expect(windows.map(({ start, end, value }) => [(end - start) / HOUR_MS, value])).toEqual([
      [5, { fold: 'share', part: 1, of: 3 }],
    ]);
    const body = { definition: definitionOf({ alignment: { kind: 'businessHours', calendarId: id } }) };
    const made = await createWindow(deps, ops, { name: 'By night', ...body });
    await expect(removeCalendar(deps, ops, id)).rejects.toThrow(/By night/);
    await removeWindow(deps, ops, made.id);
    await removeCalendar(deps, ops, id);
    await expect(createWindow(deps, ops, { name: 'x', ...body })).rejects.toThrow('no such calendar');
  });

  it('give sessions of the whole stream', async () => {
    await archive(
      { kind: 'visit', at: base },
      { kind: 'visit', at: minute(base, 5) },
      { kind: 'visit', at: minute(base, 12) },
      { kind: 'visit', at: minute(base, 40) },
    );
    const { windows } = await resultsOf(
      { shape: { kind: 'session', gapMs: 5 * MINUTE_MS } },
      base - HOUR_MS,
      base + HOUR_MS,
    );
    expect(windows.map(({ start, end }) => [(start - base) / MINUTE_MS, (end - start) / MINUTE_MS])).toEqual([
      [40, 5],
      [12, 5],
      [0, 10],
    ]);
  });

  it('show nothing of another workspace', async () => {
    await archive({ kind: 'visit', at: base });
    const south = await testWorkspace(deps, `south-${base}`);
    const input = { definition: definitionOf({}), from: base, to: base + HOUR_MS };
    const { windows, watermark } = await windowResults(deps, south.workspaceId, input);
    expect(windows).toEqual([]);
    expect(watermark.at).toBeNull();
  });
});

describe('definitions', () => {
  it('are changed from the version that was seen, and told as Flink SQL with the product’s own', async () => {
    const ops = workspace.actor('ops');
    const form = { name: 'Visits by ten minutes', definition: definitionOf({}) };
    const { id } = await createWindow(deps, ops, form);
    await changeWindow(deps, ops, { id, version: 1, form: { ...form, name: 'Visits, ten minutes' } });
    await expect(changeWindow(deps, ops, { id, version: 1, form })).rejects.toThrow('Somebody else');
    const { pipelines: found } = await pipelines(deps, workspace.workspaceId);
    expect(found.map((pipeline) => pipeline.definition.name)).toEqual([
      'Visits',
      'Abandoned carts',
      'Visits, ten minutes',
    ]);
    expect(found[2]?.flinkSql).toContain('TUMBLE(TABLE `counted`');
    await removeWindow(deps, ops, id);
    await expect(removeWindow(deps, ops, id)).rejects.toThrow('removed already');
  });

  it.each<[string, Partial<WindowDefinition>]>([
    ['a slide beyond the size', { shape: { kind: 'hopping', sizeMs: HOUR_MS, slideMs: 2 * HOUR_MS } }],
    ['too much overlap', { shape: { kind: 'hopping', sizeMs: DAY_MS, slideMs: MINUTE_MS } }],
    [
      'a part that does not divide the day',
      { shape: { kind: 'tumbling', sizeMs: 7 * HOUR_MS }, alignment: { kind: 'day', zone: 'UTC' } },
    ],
    ['half minutes', { shape: { kind: 'tumbling', sizeMs: 30_000 } }],
    ['an unknown zone', { alignment: { kind: 'day', zone: 'Nowhere/At_all' } }],
  ])('refuse %s', (_what, part) => {
    expect(windowDefinitionSchema.safeParse({ ...definitionOf({}), ...part }).success).toBe(false);
  });

  it('refuse calendars whose openings overlap, also across the end of the week', () => {
    const form = (...hours: [number, string, string][]) =>
      businessCalendarForm.safeParse({
        name: 'c',
        zone: 'UTC',
        hours: hours.map(([day, opens, closes]) => ({ day, opens, closes })),
        holidays: ['2026-02-29'].slice(1),
      }).success;
    expect(form([1, '09:00', '12:00'], [1, '12:00', '18:00'])).toBe(true);
    expect(form([1, '09:00', '12:30'], [1, '12:00', '18:00'])).toBe(false);
    expect(form([7, '22:00', '06:00'], [1, '05:00', '09:00'])).toBe(false);
    expect(form([7, '00:00', '00:00'], [1, '00:00', '00:00'])).toBe(true);
    const dates = { name: 'c', zone: 'UTC', hours: [{ day: 1, opens: '09:00', closes: '10:00' }] };
    expect(businessCalendarForm.safeParse({ ...dates, holidays: ['2026-02-29'] }).success).toBe(false);
    expect(businessCalendarForm.safeParse({ ...dates, holidays: ['2028-02-29'] }).success).toBe(true);
  });
});
