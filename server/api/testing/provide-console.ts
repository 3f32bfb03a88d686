import { createAuth, createSessionReader } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import type { ConsoleParts } from '../context';

/** Lets route handlers of this test file work with these stores instead of those of the environment. */
export function provideConsole(deps: Deps): void {
  const auth = createAuth(deps, { secret: 'x'.repeat(32), secure: false });
  const parts: ConsoleParts = { deps, auth, sessions: createSessionReader(auth, deps) };
  Object.assign(globalThis, { millraceConsole: parts });
}
