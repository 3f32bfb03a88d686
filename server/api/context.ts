import {
  type Auth,
  createAuth,
  createSessionReader,
  type SessionReader,
  type SignedIn,
} from '@/server/identity';
import { processDeps } from '@/server/platform/connections';
import { deriveSecret, loadMasterKey } from '@/server/platform/crypto';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';

/** What the console's requests work with in this process, put together at first use. */
export interface ConsoleParts {
  deps: Deps;
  auth: Auth;
  sessions: SessionReader;
  /** where people reach the console, when a proxy stands before it */
  publicUrl?: string;
}

/** Routes are bundled apart from the server that carries them; both share what hangs here. */
const shared = globalThis as typeof globalThis & { millraceConsole?: ConsoleParts };

export function consoleParts(): ConsoleParts {
  shared.millraceConsole ??= makeParts();
  return shared.millraceConsole;
}

function makeParts(): ConsoleParts {
  const env = loadEnv();
  const deps = processDeps();
  const auth = createAuth(deps, {
    secret: deriveSecret(loadMasterKey(env), 'auth'),
    secure: env.PUBLIC_URL ? env.PUBLIC_URL.startsWith('https://') : env.TLS_CERT !== undefined,
    publicUrl: env.PUBLIC_URL,
  });
  return { deps, auth, sessions: createSessionReader(auth, deps), publicUrl: env.PUBLIC_URL };
}

/** The person behind a request's cookies, for pages and layouts; null when nobody is signed in. */
export async function personOf(headers: Headers): Promise<SignedIn | null> {
  return consoleParts().sessions.fromHeaders(headers);
}
