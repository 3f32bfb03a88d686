import { setTimeout } from 'node:timers/promises';
import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { untilReacts } from './keyboard';

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
/** Processes that hold the leases of processing. */
export const workerPids = (): number[] => setting('E2E_WORKERS').split(',').map(Number);
/** The folder of its data, for programs run beside it. */
export const productData = () => setting('E2E_DATA');
export const keys = (): Keys => JSON.parse(setting('E2E_KEYS'));

/** Where each role lands. */
export const FIRST_SCREENS: Record<RoleName, RegExp> = {
  agent: /\/desk/,
  ops: /\/operations/,
  privacy: /\/privacy/,
  stakeholder: /\/workshop/,
  admin: /\/operations/,
};

/** Signs in through the form, by keyboard alone, and waits for the role's own screen. */
export async function signInByForm(page: Page, role: RoleName): Promise<void> {
  await page.goto(`${consoleUrl()}/sign-in`);
  await page.getByLabel('Email', { exact: true }).focus();
  await page.keyboard.type(`${role}@demo.millrace`);
  await page.keyboard.press('Tab');
  await page.getByLabel('Password', { exact: true }).focus();
  await page.keyboard.type(keys().password);
  await page.keyboard.press('Enter');
  await page.waitForURL(FIRST_SCREENS[role]);
}

const signedIn = new Map<RoleName, Awaited<ReturnType<BrowserContext['cookies']>>>();

/** Opens a page as somebody of this role, ready to be used. Signs in by the form once, then comes back with the same session. */
export async function openAs(page: Page, role: RoleName, path: string): Promise<void> {
  const cookies = signedIn.get(role);
  if (cookies) await page.context().addCookies(cookies);
  else {
    await signInByForm(page, role);
    signedIn.set(role, await page.context().cookies());
  }
  await page.goto(`${consoleUrl()}${path}`);
  await untilReacts(page);
}

/** Opens the page again that stands in the address, ready to be used. */
export async function openAgain(page: Page): Promise<void> {
  await page.reload();
  await untilReacts(page);
}

/** How long a page is given at first to show what is looked for, ms. */
const FIRST_LOOK_MS = 1_000;

/** Looks for something on a page, and opens it again while it is not there; a slow machine is given longer each time. */
export async function lookAnew(page: Page, seen: (timeout: number) => Promise<void>): Promise<void> {
  let [looks, timeout] = [0, FIRST_LOOK_MS];
  await expect(async () => {
    if (looks > 0) await openAgain(page);
    looks += 1;
    timeout *= 1.5;
    await seen(timeout);
  }).toPass({ timeout: 120_000 });
}

/** Sends Segment calls to the collector and expects them taken; told to come later, comes later, as senders do. */
export async function send(...batch: Record<string, unknown>[]): Promise<void> {
  const response = await fetch(`${collectorUrl()}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${keys().writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch }),
  });
  if (response.status === 429) {
    await setTimeout(1_000 * Number(response.headers.get('retry-after') ?? 1));
    return send(...batch);
  }
  expect(response.status, await response.text()).toBe(200);
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
export function expectAccessible(page: Page): Promise<void> {
  return expectNothingSerious(page, new AxeBuilder({ page }));
}

/** What fades is judged once it has: skeletons, which go on for ever, are as they are. */
async function untilStill(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          document
            .getAnimations()
            .filter(
              ({ playState, effect }) =>
                playState === 'running' && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
            ).length,
      ),
    )
    .toBe(0);
}

async function expectNothingSerious(page: Page, axe: AxeBuilder): Promise<void> {
  await untilStill(page);
  // Its other mode opens a page of its own for each look, for frames of other origins, of which there are none here.
  const { violations } = await axe.setLegacyMode().analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const found = serious.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}

/** The same in either theme, with a picture of each when a name is given. */
export async function expectAccessibleInBothThemes(page: Page, picture?: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    // Colours that fade from one theme to the other would be judged half way.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    const axe = new AxeBuilder({ page });
    // Themes differ in their colours alone.
    await expectNothingSerious(
      page,
      colorScheme === 'light' ? axe : axe.withRules(['color-contrast', 'link-in-text-block']),
    );
    if (picture)
      await page.screenshot({ path: `test-results/${picture}-${colorScheme}.png`, fullPage: true });
  }
}
