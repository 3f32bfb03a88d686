import { TRPCError } from '@trpc/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Fault } from '@/server/core/fault';
import { UNKEEPABLE } from '@/server/core/keepable-text';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { appRouter } from './root';
import { inputsWithOneNumber, inputsWithOneText, inputWith } from './testing/candidate-inputs';
import { callProcedure, codeOf, proceduresOf } from './testing/procedures';

const taking = proceduresOf(appRouter).flatMap(({ path, inputs: [schema] }) =>
  schema === undefined ? [] : [{ path, schema }],
);
const HOSTILE = { NUL: 'a\0b', 'a first half of a character': 'a\uD83D', 'a second half': '\uDE00b' };
const LONG = 'x'.repeat(1024 * 1024);

let call: (path: string, input: unknown) => Promise<unknown>;

beforeAll(async () => {
  const deps = await testDeps();
  const { actor } = await testWorkspace(deps, 'north');
  // Only the privacy officer signs a DPIA; everything else is open to the administrator.
  call = (path, input) =>
    callProcedure(path, { deps, actor: actor(path === 'dpia.sign' ? 'privacy' : 'admin') })(input);
});

/** What an answer says is wrong with the input; how it went when it says nothing of it. */
async function reasonsOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'taken';
  } catch (error) {
    const cause = error instanceof TRPCError ? error.cause : error;
    return cause instanceof Fault
      ? `${cause.code}: ${cause.fields.map(({ reason }) => reason).join()}`
      : String(error);
  }
}

describe('a text in the input of a procedure', () => {
  it('stands in many places', () => {
    expect(taking.flatMap(({ schema }) => inputsWithOneText(schema, 'x')).length).toBeGreaterThan(80);
  });

  it.each(taking)('is refused when no store keeps it: $path', async ({ path, schema }) => {
    for (const [what, text] of Object.entries(HOSTILE)) {
      for (const input of inputsWithOneText(schema, text)) {
        const reasons = await reasonsOf(call(path, input));
        expect(reasons, `${what} in ${JSON.stringify(input)}`).toBe(`bad_request: ${UNKEEPABLE}`);
      }
    }
  });

  it.each(taking)('may be as long as it likes without a failure of ours: $path', async ({ path, schema }) => {
    for (const input of inputsWithOneText(schema, LONG)) {
      expect(await codeOf(call(path, input)), path).not.toMatch(/INTERNAL|thrown/);
    }
  });
});

describe('a number in the input of a procedure', () => {
  const ODD = [2 ** 31, 2 ** 53 - 1, -(2 ** 31) - 1, -1, 1e300, -1e300, 0.5];

  it.each(taking)('may be any without a failure of ours: $path', async ({ path, schema }) => {
    for (const number of ODD) {
      for (const input of inputsWithOneNumber(schema, number)) {
        expect(await codeOf(call(path, input)), JSON.stringify(input)).not.toMatch(/INTERNAL|thrown/);
      }
    }
  });

  const numbered = taking.filter(({ schema }) => {
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    const cursor = properties.cursor;
    return 'version' in properties || (typeof cursor === 'object' && cursor.type === 'integer');
  });

  it('is a version or a place in a list of some', () => expect(numbered.length).toBeGreaterThan(5));

  it.each(numbered)('is no larger than a row can have where it names one: $path', ({ schema }) => {
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    const name = 'version' in properties ? 'version' : 'cursor';
    const { error } = schema.safeParse({ ...Object(inputWith(schema, 'x')), [name]: 2 ** 31 });
    expect(error?.issues.map(({ path: place }) => place.join('.'))).toContain(name);
  });
});
