/** `npm run screenshots -- [--console URL] [--data DIR] [--only NAME]`: pictures of the first screens, and of two of the streams, of a running demo. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { browserExecutable } from '@/e2e/browser';

const FOLDER = 'public/screenshots';
const SCHEMES = ['light', 'dark'] as const;
/** Time for charts and lists to be filled by the live data, ms. */
const SETTLE_MS = 6_000;
/** Time for the other theme to be drawn, charts included, ms. */
const THEME_MS = 1_500;
/** Longest wait for a call, and time for a few turns of it to be spoken, ms. */
const CALL_LIMIT_MS = 45_000;
const TURNS_MS = 14_000;
/** Longest wait for a page on a busy machine, ms. */
const LOAD_LIMIT_MS = 60_000;

interface Shot {
  name: string;
  role: string;
  path: string;
  prepare?: (page: Page) => Promise<void>;
  /** what is done once both pictures are taken, for those that come after */
  after?: (page: Page) => Promise<void>;
}

const SHOTS: readonly Shot[] = [
  { name: 'desk', role: 'agent', path: '/desk', prepare: openCall, after: reveal },
  // A fresh demo has no hour behind it.
  { name: 'operations', role: 'ops', path: '/operations?from=now-6m' },
  // Soon after the desk: the reveal lasts five minutes.
  { name: 'privacy', role: 'privacy', path: '/privacy' },
  { name: 'streams', role: 'ops', path: '/streams' },
  { name: 'streams-late', role: 'ops', path: '/streams/late' },
  { name: 'workshop', role: 'stakeholder', path: '/workshop' },
  { name: 'rules', role: 'admin', path: '/rules', prepare: openRule },
];

/** A call that is going on; without one in time, whoever is first. Opened by its address: rows move under a pointer. */
async function openCall(page: Page): Promise<void> {
  const rows = page.locator('[role=option][data-customer]');
  await rows.first().waitFor({ timeout: LOAD_LIMIT_MS });
  await rows
    .filter({ has: page.locator('[data-channel=call]') })
    .first()
    .waitFor({ timeout: CALL_LIMIT_MS })
    .catch(() => undefined);
  const customer = await page.evaluate(() => {
    // The last of the calls has the most time left: it is the youngest, and still on when the picture is taken.
    const row = [...document.querySelectorAll('[data-channel=call]')].at(-1)?.closest('[data-customer]');
    return (row ?? document.querySelector('[data-customer]'))?.getAttribute('data-customer');
  });
  if (!customer) return;
  await open(page, `${new URL(page.url()).origin}/desk?customer=${encodeURIComponent(customer)}`);
  await page.waitForTimeout(TURNS_MS);
}

/** The customer on the card, revealed: the officer's screen shows who sees whom at the moment. */
async function reveal(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Reveal/ }).click();
  await page.getByLabel('Reason').fill('Caller asks to confirm the delivery address');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden', timeout: LOAD_LIMIT_MS });
}

async function openRule(page: Page): Promise<void> {
  await page.getByText('Large cart at checkout').first().click();
  await page.getByRole('heading', { level: 1, name: 'Large cart at checkout' }).waitFor();
}

/** A busy demo is never at rest: it is enough that the page is there and nothing of it is still a placeholder. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: LOAD_LIMIT_MS });
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: LOAD_LIMIT_MS });
  await page
    .waitForFunction(() => document.querySelector('.mantine-Skeleton-root') === null, undefined, {
      timeout: LOAD_LIMIT_MS,
    })
    .catch(() => console.warn(`${url}: a part of it is still loading`));
}

async function signIn(page: Page, consoleUrl: string, role: string, password: string): Promise<void> {
  await open(page, `${consoleUrl}/sign-in`);
  await page.getByLabel('Email', { exact: true }).fill(`${role}@demo.millrace`);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'), {
    waitUntil: 'domcontentloaded',
    timeout: LOAD_LIMIT_MS,
  });
}

async function take(browser: Browser, consoleUrl: string, password: string, shot: Shot): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await signIn(page, consoleUrl, shot.role, password);
  await open(page, consoleUrl + shot.path);
  await shot.prepare?.(page);
  await page.waitForTimeout(SETTLE_MS);
  // Both of one moment: a call ends while a page is opened again.
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(THEME_MS);
    const path = join(FOLDER, `${shot.name}-${colorScheme}.png`);
    await page.screenshot({ path, animations: 'disabled', timeout: LOAD_LIMIT_MS });
    console.log(path);
  }
  await shot.after?.(page);
  await context.close();
}

const { values } = parseArgs({
  options: {
    console: { type: 'string', default: 'http://localhost:3000' },
    data: { type: 'string', default: '.data' },
    only: { type: 'string' },
  },
});
const { password } = JSON.parse(readFileSync(join(values.data, 'demo.json'), 'utf8')) as { password: string };
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath: browserExecutable(), args: ['--no-sandbox'] });
try {
  for (const shot of SHOTS.filter(({ name }) => (values.only ?? name) === name))
    await take(browser, values.console.replace(/\/$/, ''), password, shot);
} finally {
  await browser.close();
}
