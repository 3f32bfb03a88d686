import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Env, howShown } from '@/server/platform/env';
import { CUT } from '@/server/platform/personal-text';

/** Files of the data folder that hold secrets and nothing else. */
const SECRET_FILES = ['secrets.json', 'demo.json', 'master.key'];

/** Every secret this installation has at hand: of its settings, by their one schema, and of its data folder. */
export function knownSecrets(env: Env): string[] {
  return [...Object.entries(env).flatMap(secretsOfSetting), ...SECRET_FILES.flatMap(secretsOfFile(env))];
}

function secretsOfSetting([name, value]: [string, unknown]): string[] {
  const shown = howShown(name);
  if (typeof value !== 'string' || shown === undefined) return [];
  return shown === 'never' ? [value] : credentialsOf(value);
}

function credentialsOf(address: string): string[] {
  const [, user = '', password = ''] = /^[\w+-]+:\/\/([^:@/]*):(.*)@/.exec(address) ?? [];
  return [password, decoded(password), ...(user === '' || password !== '' ? [] : [user])].filter(Boolean);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const secretsOfFile =
  ({ MILLRACE_DATA }: Env) =>
  (name: string): string[] => {
    const file = join(MILLRACE_DATA, name);
    if (!existsSync(file)) return [];
    const text = readFileSync(file, 'utf8').trim();
    return name.endsWith('.json') ? stringsIn(JSON.parse(text)) : [text];
  };

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** The settings as anybody may see them: secrets cut, addresses without credentials and parameters. */
export function shownSettings(env: Env): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      const shown = howShown(name);
      if (shown === 'never') return [name, CUT];
      return [name, shown === undefined ? value : withoutCredentials(String(value))];
    }),
  );
}

function withoutCredentials(address: string): string {
  return address.replace(/^([\w+-]+:\/\/).*@/, '$1').replace(/[?#].*$/, `?${CUT}`);
}

/** Names of the processes and databases that keep a log here. */
export function logNames(env: Env): string[] {
  const folder = join(env.MILLRACE_DATA, 'logs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => name.slice(0, -'.log'.length))
    .sort();
}
