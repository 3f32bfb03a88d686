import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FIRST_INSTANT_MS, LAST_INSTANT_MS } from '@/server/core/calendar';
import { HOUR_MS } from '@/server/core/durations';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { appRouter } from './root';
import { inputWith } from './testing/candidate-inputs';
import { callProcedure, codeOf, proceduresOf } from './testing/procedures';

/** Procedures that take a span of time, with an input that is right but for its bounds. */
const spanning = proceduresOf(appRouter).flatMap(({ path, inputs: [schema] }) => {
  if (!schema) return [];
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return 'from' in properties && 'to' in properties ? [{ path, schema }] : [];
});

/** What else they take, where that is more than any text or number. */
const OTHER_PARTS: Record<string, object> = {
  'lateEvents.list': { cursor: undefined },
  'windows.results': {
    definition: {
      measure: 'visits',
      groupBy: 'none',
      shape: { kind: 'tumbling', sizeMs: HOUR_MS },
      alignment: { kind: 'day', zone: 'Europe/Berlin' },
      watermarkDelayMs: 0,
      latenessMs: 0,
      latePolicy: { kind: 'discard' },
    },
  },
};

let call: (path: string, schema: z.ZodType, from: number, to: number) => Promise<string>;

beforeAll(async () => {
  const deps = await testDeps();
  const actor = (await testWorkspace(deps, 'north')).actor('admin');
  call = (path, schema, from, to) => {
    const input = { ...Object(inputWith(schema, '')), ...OTHER_PARTS[path], from, to };
    return codeOf(callProcedure(path, { deps, actor })(input));
  };
});

describe('a span of time', () => {
  it('is asked for by many procedures', () => expect(spanning.length).toBeGreaterThan(8));

  it.each(spanning)(
    'may lie anywhere in the years 1 to 9999 and nowhere else: $path',
    async ({ path, schema }) => {
      const [first, last] = [FIRST_INSTANT_MS, LAST_INSTANT_MS];
      expect(await call(path, schema, first, first + HOUR_MS)).toBe('OK');
      expect(await call(path, schema, last - HOUR_MS, last)).toBe('OK');
      expect(await call(path, schema, first - 1, first + HOUR_MS)).toBe('BAD_REQUEST');
      expect(await call(path, schema, last - HOUR_MS, last + 1)).toBe('BAD_REQUEST');
      expect(await call(path, schema, 8.64e15 - HOUR_MS, 8.64e15)).toBe('BAD_REQUEST');
    },
  );
});
