import { z } from 'zod';
import type { RestRoute } from '@/server/identity/rest';

export type { RestRoute };

type JsonSchema = Record<string, unknown>;

const PROBLEM: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'reason'],
        properties: { field: { type: 'string' }, reason: { type: 'string' } },
      },
    },
  },
};

const FAILURES = {
  400: 'The input does not have the expected form',
  401: 'No valid API key',
  403: 'The key lacks the scope',
  404: 'There is no such thing in the workspace',
  429: 'The quota of the minute is used up',
  503: 'A store is out of reach; try again after `Retry-After`',
} as const;

/** Of an operation that takes a body as well. */
const BODY_FAILURES = {
  409: 'The first request with this `Idempotency-Key` is still running',
  413: 'The body is larger than 64 KB',
} as const;

/** The OpenAPI 3.1 description of these operations, from the very schemas they parse with. */
export function openApiDocument(routes: readonly RestRoute[], version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const { definition } of routes) {
    paths[definition.path] = {
      ...paths[definition.path],
      [definition.method.toLowerCase()]: operationOf(definition),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace REST for programs',
      version,
      description: 'What the console knows, for programs. Events go to the collector instead.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `mk_…`' } },
      schemas: { Problem: PROBLEM },
    },
  };
}

function operationOf(definition: RestRoute['definition']): JsonSchema {
  const { method, path, summary, scope, params, query, body, response } = definition;
  const success = {
    [definition.contentType ?? 'application/json']: { schema: schemaOf(response, 'output') },
  };
  return {
    operationId: operationIdOf(method, path),
    summary,
    description: `Needs the scope \`${scope}\`.`,
    parameters: [
      ...parametersOf(params, 'path'),
      ...parametersOf(query, 'query'),
      ...(method === 'POST' ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }),
    responses: {
      [String(definition.status ?? 200)]: { description: 'Done', ...headersOf(definition), content: success },
      ...Object.fromEntries(
        Object.entries({ ...FAILURES, ...(body === undefined ? {} : BODY_FAILURES) }).map(
          ([status, text]) => [status, failureOf(text)],
        ),
      ),
    },
  };
}

function headersOf({ headers = {} }: RestRoute['definition']): JsonSchema {
  const described = Object.entries(headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return described.length === 0 ? {} : { headers: Object.fromEntries(described) };
}

const IDEMPOTENCY_KEY: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A repeat within an hour gets the first answer.',
  schema: { type: 'string', maxLength: 255 },
};

function failureOf(description: string): JsonSchema {
  const schema = { $ref: '#/components/schemas/Problem' };
  return { description, content: { 'application/problem+json': { schema } } };
}

/** `GET /customers/{key}` → `getCustomersByKey`. */
function operationIdOf(method: string, path: string): string {
  const words = path.split(/[/-]/).filter(Boolean);
  const named = words.map((word) =>
    word.startsWith('{') ? `By${capital(word.slice(1, -1))}` : capital(word),
  );
  return method.toLowerCase() + named.join('');
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): JsonSchema[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: property,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // A date travels as text.
      if (zodSchema._zod.def.type === 'date')
        Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    },
  });
  return rest;
}
