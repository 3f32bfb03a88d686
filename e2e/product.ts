import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export type RoleName = 'agent' | 'ops' | 'privacy' | 'stakeholder' | 'admin';

interface Keys {
  password: string;
  writeKey: string;
  apiKey: string;
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the journeys by \`npm test\`.`);
  return value;
}

export const consoleUrl = () => setting('E2E_CONSOLE');
export const collectorUrl = () => setting('E2E_COLLECTOR');
export const keys = (): Keys => JSON.parse(setting('E2E_KEYS'));

/** Where each role lands. */
export const FIRST_SCREENS: Record<RoleName, RegExp> = {
  agent: /\/desk/,
  ops: /\/operations/,
  privacy: /\/privacy/,
  stakeholder: /\/workshop/,
  admin: /\/operations/,
};

/** Signs in through the form and waits for the role's own screen. */
export async function signIn(page: Page, role: RoleName): Promise<void> {
  await page.goto(`${consoleUrl()}/sign-in`);
  await page.getByLabel('Email', { exact: true }).fill(`${role}@demo.millrace`);
  await page.getByLabel('Password', { exact: true }).fill(keys().password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(FIRST_SCREENS[role]);
}

/** Sends Segment calls to the collector and expects them taken. */
export async function send(...batch: Record<string, unknown>[]): Promise<void> {
  const response = await fetch(`${collectorUrl()}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${keys().writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch }),
  });
  expect(response.status, await response.clone().text()).toBe(200);
}

/** A track call of now. */
export function track(
  userId: string,
  event: string,
  properties: Record<string, unknown> = {},
  at = new Date(),
) {
  return {
    type: 'track',
    userId,
    event,
    properties,
    timestamp: at.toISOString(),
    messageId: crypto.randomUUID(),
  };
}

/** GET of the REST interface with the demo's key. */
export async function rest<T>(path: string): Promise<T> {
  const response = await fetch(`${consoleUrl()}/api/v1/${path}`, {
    headers: { authorization: `Bearer ${keys().apiKey}` },
  });
  expect(response.status, path).toBe(200);
  return (await response.json()) as T;
}

/** No serious or critical finding of axe on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const found = serious.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}
