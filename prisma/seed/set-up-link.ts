import { join } from 'node:path';
import { z } from 'zod';
import { makeSetUpPath, setUpIsOpen } from '@/server/identity/join.service';
import type { Deps } from '@/server/platform/deps';
import type { Env } from '@/server/platform/env';
import { readKept, removeKept, writeKept } from './kept-file';

const setUpFileSchema = z.object({ url: z.url() });

/** With nobody registered, a link for the first administrator; it stays the same until it is used. */
export async function seedSetUpLink(
  deps: Deps,
  env: Pick<Env, 'MILLRACE_DATA' | 'PUBLIC_URL' | 'PORT' | 'TLS_CERT'>,
): Promise<void> {
  const file = join(env.MILLRACE_DATA, 'setup.json');
  const origin = env.PUBLIC_URL ?? `${env.TLS_CERT ? 'https' : 'http'}://localhost:${env.PORT}`;
  const kept = readKept(file, setUpFileSchema);
  const token = kept === null ? null : new URL(kept.url).searchParams.get('token');
  if (token !== null && (await setUpIsOpen(deps, token))) {
    writeKept(file, { url: new URL(`/setup?token=${token}`, origin).href });
    return;
  }
  const path = await makeSetUpPath(deps);
  if (path === null) removeKept(file);
  else writeKept(file, { url: new URL(path, origin).href });
}
