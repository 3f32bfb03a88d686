import { hashPassword } from 'better-auth/crypto';
import { afterAll } from 'vitest';
import { randomId } from '@/server/platform/connections';
import type { Deps } from '@/server/platform/deps';
import { createRedis } from '@/server/platform/redis';
import { testDatabase } from '@/server/platform/testing/test-database';
import { testRedis } from '@/server/platform/testing/test-redis';
import type { PersonActor } from '../actor';
import { createAuth } from '../auth';
import { handleAuth } from '../auth-handler';
import { ROLES, type Role } from '../policy';
import { addPerson, ensureWorkspace } from '../provision.service';
import { createSessionReader } from '../session-reader';

export const TEST_PASSWORD = 'correct horse battery';

export type TestDeps = Deps & {
  /** Puts the clock forward. */
  advance(ms: number): void;
  /** From now on the clock moves only by `advance`: what is told by it then depends on no machine. */
  stopClock(): void;
};

/** A database and Redis of the test file's own, as services get them. */
export async function testDeps(): Promise<TestDeps> {
  const [database, redis] = await Promise.all([testDatabase(), testRedis()]);
  const logRedis = createRedis(redis.url, { name: 'test-log' });
  const queueRedis = createRedis(redis.queueUrl, { name: 'test-queue' });
  afterAll(() => {
    logRedis.disconnect();
    queueRedis.disconnect();
  });
  let skippedMs = 0;
  let stoppedAt: number | null = null;
  return {
    db: database.prisma,
    logRedis,
    queueRedis,
    now: () => (stoppedAt ?? Date.now()) + skippedMs,
    newId: randomId,
    advance: (ms) => {
      skippedMs += ms;
    },
    stopClock: () => {
      stoppedAt = Date.now();
    },
  };
}

let passwordHash: Promise<string> | undefined;
/** One for all persons of a test file: each is a tenth of a second of computing. */
function testPasswordHash(): Promise<string> {
  passwordHash ??= hashPassword(TEST_PASSWORD);
  return passwordHash;
}

/** A workspace with one person of each role, who are new to the product. */
export async function testWorkspace(deps: Deps, slug: string) {
  const workspaceId = await ensureWorkspace(deps, {
    name: slug,
    slug,
    currency: 'USD',
    timeZone: 'UTC',
    region: 'local',
    partitions: 8,
  });
  const actors = new Map<Role, PersonActor>();
  for (const role of ROLES) {
    const email = `${role}@${slug}.test`;
    const name = `${role} of ${slug}`;
    const userId = await addPerson(deps, workspaceId, {
      name,
      email,
      passwordHash: await testPasswordHash(),
      role,
    });
    actors.set(role, { kind: 'person', userId, name, email, workspaceId, role, sessionId: `none_${userId}` });
  }
  const actor = (role: Role): PersonActor => {
    const found = actors.get(role);
    if (found === undefined) throw new Error(`no ${role}`);
    return found;
  };
  return { workspaceId, actor };
}

/** A browser without a screen: keeps cookies and talks to the sign-in handler. */
export function testBrowser(deps: Deps) {
  const auth = createAuth(deps, { secret: 'x'.repeat(32), secure: false });
  const sessions = createSessionReader(auth, deps);
  const cookies = new Map<string, string>();
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    cookie,
    sessions,
    person: () => sessions.fromHeaders(new Headers({ cookie: cookie() })),
    get: (path: string) =>
      handleAuth(
        auth,
        new Request(`http://console.test/api/auth${path}`, {
          headers: { host: 'console.test', cookie: cookie() },
        }),
      ),
    async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
      const request = new Request(`http://console.test/api/auth${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          host: 'console.test',
          origin: 'http://console.test',
          cookie: cookie(),
          ...headers,
        },
        body: JSON.stringify(body),
      });
      const response = await handleAuth(auth, request);
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const at = pair.indexOf('=');
        if (/max-age=0/i.test(line)) cookies.delete(pair.slice(0, at));
        else cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
      return response;
    },
  };
}
