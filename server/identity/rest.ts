import { z } from 'zod';
import { Fault } from '@/server/core/fault';
import { isKeepable, UNKEEPABLE } from '@/server/core/keepable-text';
import type { Deps } from '@/server/platform/deps';
import type { KeyActor } from './actor';
import { fieldsOf } from './fault-mapping';
import type { ApiScope } from './policy';

/** Largest body a program may send to the console's REST interface, in bytes. The collector is for more. */
export const MAX_BODY_BYTES = 64 * 1024;

type Shape = z.ZodObject;
type Parsed<S extends Shape | undefined> = S extends Shape ? z.output<S> : unknown;

/** An operation for programs: what it needs, takes and answers. OpenAPI is generated from exactly this. */
export interface RestDefinition<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
> {
  method: 'GET' | 'POST';
  /** Below `/api/v1`, parameters in braces: `/customers/{key}`. */
  path: `/${string}`;
  summary: string;
  scope: ApiScope;
  /** Parameters of the path. */
  params?: P;
  /** Parameters of the query; every value arrives as text (use `z.coerce`). */
  query?: Q;
  /** The JSON body of a POST. */
  body?: B;
  /** What a success answers. A handler may also answer with a `Response` of its own (a stream). */
  response: z.ZodType;
  /** Default `application/json`; `application/x-ndjson` when `response` describes one line. */
  contentType?: 'application/json' | 'application/x-ndjson';
  /** Headers of a success beyond the frame's own: name → what it says. */
  headers?: Readonly<Record<string, string>>;
  /** Status of a success, default 200. */
  status?: number;
  handler(call: {
    actor: KeyActor;
    deps: Deps;
    input: Parsed<P> & Parsed<Q> & Parsed<B>;
    request: Request;
  }): Promise<unknown>;
}

/** A definition whose input types have been closed over: a list of routes can hold it. */
export interface RestRoute {
  definition: Omit<RestDefinition, 'handler' | 'params' | 'query' | 'body'> & {
    params?: Shape;
    query?: Shape;
    body?: Shape;
  };
  /**
   * Runs the operation for an authenticated program.
   * @throws Fault `forbidden` without the scope, `bad_request` or `too_large` for the input, and the handler's own
   */
  run(call: {
    actor: KeyActor;
    deps: Deps;
    request: Request;
    params: Record<string, string>;
    bodyText: string;
  }): Promise<Response>;
}

/** Declares an operation for programs; `mountRest` of `server/api` puts it at its address. */
export function restRoute<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
>(definition: RestDefinition<P, Q, B>): RestRoute {
  const query = strictly(definition.query);
  return {
    definition,
    async run({ actor, deps, request, params, bodyText }) {
      if (!actor.scopes.includes(definition.scope)) {
        throw new Fault('forbidden', `This key lacks the scope ${definition.scope}.`);
      }
      const input = {
        ...parsePart(definition.params, keepable(params, 'path'), 'path'),
        ...parsePart(query, keepable(queryOf(request), 'query'), 'query'),
        ...(definition.body === undefined ? {} : parsePart(definition.body, jsonOf(bodyText), 'body')),
      } as Parsed<P> & Parsed<Q> & Parsed<B>;
      const answer = await definition.handler({ actor, deps, input, request });
      if (answer instanceof Response) return answer;
      return Response.json(answer, {
        status: definition.status ?? 200,
        headers: { 'cache-control': 'no-store' },
      });
    },
  };
}

/** A parameter that is not known is refused by name everywhere: misspelt, it would be answered as if it were not there. */
function strictly(query: Shape = z.object({})): Shape {
  return query.strict();
}

function parsePart(schema: Shape | undefined, value: unknown, part: string): Record<string, unknown> {
  if (schema === undefined) return {};
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw unexpected(part, fieldsOf(result.error, part));
}

function unexpected(part: string, fields: { field: string; reason: string }[]): Fault {
  return new Fault('bad_request', `The ${part} does not have the expected form.`, { fields });
}

/** Refuses what no store could be asked for, whatever an operation makes of its texts. */
function keepable(texts: Record<string, string>, part: string): Record<string, string> {
  const wrong = Object.keys(texts).filter((name) => !isKeepable(texts[name] ?? ''));
  if (wrong.length === 0) return texts;
  throw unexpected(
    part,
    wrong.map((field) => ({ field, reason: UNKEEPABLE })),
  );
}

function queryOf(request: Request): Record<string, string> {
  const seen: Record<string, string> = Object.create(null);
  for (const [name, value] of new URL(request.url).searchParams) {
    if (name in seen) {
      throw new Fault('bad_request', 'A query parameter may stand once.', {
        fields: [{ field: name, reason: 'stands more than once' }],
      });
    }
    seen[name] = value;
  }
  return seen;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('bad_request', 'The body is not JSON.', { cause });
  }
}
