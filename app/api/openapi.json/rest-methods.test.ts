import { globSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '@/server/api/openapi';
import { testRest } from './rest-fixture';
import { REST_ROUTES } from './routes';

const V1 = 'app/api/v1';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Handlers = Record<
  (typeof METHODS)[number] | 'OPTIONS',
  undefined | ((request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>)
>;

/** What stands at every address below `/api/v1`. */
async function addresses(): Promise<[path: string, handlers: Handlers][]> {
  const files = globSync(`${V1}/**/route.ts`);
  const pathOf = (file: string) => `/${relative(V1, dirname(file)).replaceAll(/\[(\w+)\]/g, '{$1}')}`;
  return Promise.all(
    files.map(async (file) => [pathOf(file), (await import(`@/${file}`)) as Handlers] as const),
  ) as Promise<[string, Handlers][]>;
}

/** What it answers without a key; Next puts an empty 405 where there is no handler. */
async function answerOf(handlers: Handlers, method: keyof Handlers): Promise<Response> {
  const request = new Request('http://console.test/api/v1/somewhere', { method });
  const answer = await handlers[method]?.(request, { params: Promise.resolve({}) });
  return answer ?? new Response(null, { status: 405 });
}

beforeAll(async () => {
  await testRest();
});

describe('the description', () => {
  it('lists exactly what is mounted', async () => {
    const mounted: string[] = [];
    for (const [path, handlers] of await addresses()) {
      if (path.includes('...')) continue;
      for (const method of METHODS) {
        // Without a key an operation gets as far as to ask for one.
        if ((await answerOf(handlers, method)).status === 401) mounted.push(`${method} ${path}`);
      }
    }
    const listed = REST_ROUTES.map(({ definition: { method, path } }) => `${method} ${path}`);
    expect(mounted.length).toBeGreaterThan(8);
    expect(mounted.sort()).toEqual(listed.sort());
  });

  it('is OpenAPI 3.1 with a schema for every parameter and answer', () => {
    const document = openApiDocument(REST_ROUTES, '0.0.0') as {
      openapi: string;
      paths: Record<
        string,
        Record<string, { parameters: { in: string; name: string }[]; responses: object }>
      >;
    };
    expect(document.openapi).toBe('3.1.0');
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const operation of Object.values(operations)) {
        const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
        expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        expect(Object.keys(operation.responses)).toContain('401');
        const takesBody = 'requestBody' in operation;
        for (const status of ['409', '413']) expect(status in operation.responses).toBe(takesBody);
      }
    }
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('what is no operation', () => {
  it('is told so as RFC 9457 at every address, with the methods there are', async () => {
    for (const [path, handlers] of await addresses()) {
      if (path.includes('...')) continue;
      const own = REST_ROUTES.filter(({ definition }) => definition.path === path).map(
        ({ definition }) => definition.method as string,
      );
      const allow = [
        ...(own.includes('GET') ? ['GET', 'HEAD'] : []),
        'OPTIONS',
        ...own.filter((m) => m !== 'GET'),
      ];
      for (const method of METHODS.filter((one) => !own.includes(one))) {
        const answer = await answerOf(handlers, method);
        expect([path, method, answer.status]).toEqual([path, method, 405]);
        expect(answer.headers.get('allow')).toBe(allow.join(', '));
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(await answer.json()).toMatchObject({ status: 405, title: 'Method not allowed' });
      }
      const options = await answerOf(handlers, 'OPTIONS');
      expect([options.status, options.headers.get('allow')]).toEqual([204, allow.join(', ')]);
    }
  });

  it('is not found by any method, the root itself included', async () => {
    const [[path, handlers] = ['', {} as Handlers], ...more] = (await addresses()).filter(([name]) =>
      name.includes('...'),
    );
    expect([path, more]).toEqual(['/[[...unknown]]', []]);
    for (const method of [...METHODS, 'OPTIONS'] as const) {
      const answer = await answerOf(handlers, method);
      expect([method, answer.status]).toEqual([method, 404]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
  });
});
