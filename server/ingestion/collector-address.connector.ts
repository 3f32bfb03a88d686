import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findSourceByKey } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';
import type { CollectorAddress } from './debugger-entry.schema';

const demoSchema = z.object({ writeKey: z.string() });

/** Where the collector listens, and in the demo's own workspace the key its traffic uses. */
export async function collectorAddress(
  deps: Pick<Deps, 'db' | 'now'>,
  workspaceId: string,
): Promise<CollectorAddress> {
  const env = loadEnv();
  const demoKey = keptDemoKey(env.MILLRACE_DATA);
  const source = demoKey === null ? null : await findSourceByKey(deps, demoKey);
  return {
    port: env.COLLECTOR_PORT,
    secure: env.TLS_CERT !== undefined,
    demoKey: source?.workspaceId === workspaceId ? demoKey : null,
  };
}

function keptDemoKey(folder: string): string | null {
  const file = join(folder, 'demo.json');
  if (!existsSync(file)) return null;
  const read = demoSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return read.success ? read.data.writeKey : null;
}
