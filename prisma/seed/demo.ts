import { join } from 'node:path';
import { z } from 'zod';
import { API_SCOPES, ROLES, type Role } from '@/server/identity';
import { createApiKey } from '@/server/identity/api-keys.service';
import {
  apiKeyState,
  ensurePerson,
  ensureWorkspace,
  writeKeyState,
} from '@/server/identity/provision.service';
import { newKey, randomToken } from '@/server/identity/secret-token';
import { createSource } from '@/server/identity/sources.service';
import type { Deps } from '@/server/platform/deps';
import type { Env } from '@/server/platform/env';
import { readKept, writeKept } from './kept-file';
import { seedSlaPolicies } from './sla-policies.repository';

const demoFileSchema = z.object({ password: z.string(), writeKey: z.string(), apiKey: z.string() });
type DemoFile = z.output<typeof demoFileSchema>;

const NAMES = {
  agent: 'Ada Brooks',
  ops: 'Omar Reyes',
  privacy: 'Priya Nair',
  stakeholder: 'Stefan Vogel',
  admin: 'Alma Lindqvist',
} as const satisfies Record<Role, string>;

/** What was seeded: ids for the seeds of other modules. */
export interface SeededIds {
  workspaceId: string;
  /** User ids by role. */
  people: Record<Role, string>;
}

/**
 * The workspace *Demo* with a person for each role, a source and an API key. Nothing here is a secret of the
 * repository: password and keys are made at the first start and kept in the data folder.
 */
export async function seedDemo(
  deps: Deps,
  env: Pick<Env, 'MILLRACE_DATA' | 'MILLRACE_DEMO_PASSWORD' | 'PARTITIONS'>,
): Promise<SeededIds> {
  const file = join(env.MILLRACE_DATA, 'demo.json');
  const kept = readKept(file, demoFileSchema);
  const password = env.MILLRACE_DEMO_PASSWORD ?? kept?.password ?? randomToken(16);
  const workspaceId = await ensureWorkspace(deps, {
    name: 'Demo',
    slug: 'demo',
    currency: 'USD',
    timeZone: 'UTC',
    region: 'local',
    partitions: env.PARTITIONS,
  });
  const people = await seedPeople(deps, workspaceId, password);
  const demo: DemoFile = {
    password,
    writeKey: await ensureWriteKey(deps, workspaceId, kept?.writeKey),
    apiKey: await ensureApiKey(deps, workspaceId, kept?.apiKey),
  };
  writeKept(file, demo);
  await seedSlaPolicies(deps, workspaceId);
  return { workspaceId, people };
}

async function seedPeople(deps: Deps, workspaceId: string, password: string): Promise<Record<Role, string>> {
  const entries: [Role, string][] = [];
  for (const role of ROLES) {
    const person = { name: NAMES[role], email: `${role}@demo.millrace`, password, role };
    entries.push([role, await ensurePerson(deps, workspaceId, person)]);
  }
  return Object.fromEntries(entries) as Record<Role, string>;
}

/** The kept key when it works; when the database is new, the same key again; else a new one. */
async function ensureWriteKey(deps: Deps, workspaceId: string, kept?: string): Promise<string> {
  const state = kept === undefined ? 'taken' : await writeKeyState(deps, workspaceId, kept);
  if (kept !== undefined && state === 'works') return kept;
  const doer = { workspaceId, userId: null };
  const form = { name: 'Demo traffic', platform: null, eventsPerSec: 1_000_000 };
  return (await createSource(deps, doer, form, newKey('mw_', state === 'free' ? kept : undefined))).writeKey;
}

async function ensureApiKey(deps: Deps, workspaceId: string, kept?: string): Promise<string> {
  const state = kept === undefined ? 'taken' : await apiKeyState(deps, workspaceId, kept);
  if (kept !== undefined && state === 'works') return kept;
  const doer = { workspaceId, userId: null };
  const form = { name: 'Demo programs', scopes: [...API_SCOPES], expiresInDays: null };
  return (await createApiKey(deps, doer, form, newKey('mk_', state === 'free' ? kept : undefined))).apiKey;
}
