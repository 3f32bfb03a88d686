import { z } from 'zod';
import type { Env } from '@/server/platform/env';
import type { DataFolder } from './data-folder';

const demoSchema = z.object({ password: z.string(), writeKey: z.string(), apiKey: z.string() });
const setupSchema = z.object({ url: z.string() });
const PEOPLE = ['agent', 'ops', 'privacy', 'stakeholder', 'admin'];

/** What is shown when everything runs: addresses, who may sign in, how to stop. */
export function greeting(env: Env, data: DataFolder, seconds: string): string[] {
  const scheme = env.TLS_CERT ? 'https' : 'http';
  return [
    '',
    `Millrace runs (${seconds} s).`,
    '',
    `  Console    ${env.PUBLIC_URL ?? `${scheme}://localhost:${env.PORT}`}`,
    `  Collector  ${scheme}://localhost:${env.COLLECTOR_PORT}`,
    '',
    ...signIns(env, data),
    `  Data and logs are in ${data.root}.`,
    '  Stop with Ctrl-C.',
    '',
  ];
}

function signIns(env: Env, data: DataFolder): string[] {
  const demo = env.MILLRACE_DEMO === 'off' ? null : data.readJson('demo.json', demoSchema);
  if (demo) {
    return [
      `  Sign in as ${PEOPLE.map((name) => `${name}@demo.millrace`).join(', ')}`,
      `  Password   ${demo.password}`,
      `  Write key  ${demo.writeKey}`,
      `  API key    ${demo.apiKey}`,
      '',
    ];
  }
  const setup = data.readJson('setup.json', setupSchema);
  return setup
    ? ['  Nobody is registered yet. Set up the first workspace, once, at', `  ${setup.url}`, '']
    : [];
}

export function farewell(): string {
  return 'Millrace has stopped; its data is kept.';
}
