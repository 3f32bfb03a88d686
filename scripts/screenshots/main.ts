/** `npm run screenshots -- [--console URL] [--data DIR]`: pictures of the five first screens of a running demo. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { browserExecutable } from '@/e2e/browser';

const FOLDER = 'public/screenshots';
const SCHEMES = ['light', 'dark'] as const;
/** Time for charts and lists to be filled by the live data, ms. */
const SETTLE_MS = 6_000;
/** Longest wait for a call, and time for a few turns of it to be spoken, ms. */
const CALL_LIMIT_MS = 45_000;
const TURNS_MS = 14_000;

interface Shot {
  name: string;
  role: string;
  path: string;
  prepare?: (page: Page) => Promise<void>;
}

const SHOTS: readonly Shot[] = [
  { name: 'desk', role: 'agent', path: '/desk', prepare: selectFirstCustomer },
  { name: 'operations', role: 'ops', path: '/operations' },
  { name: 'privacy', role: 'privacy', path: '/privacy' },
  { name: 'workshop', role: 'stakeholder', path: '/workshop' },
  { name: 'rules', role: 'admin', path: '/rules' },
];

/** A call that is going on stands first in the queue; without one in time, whoever is first. */
async function selectFirstCustomer(page: Page): Promise<void> {
  const first = page.getByRole('option').first();
  const call = page.getByRole('option').filter({ has: page.locator('[data-channel=call]') });
  await first.waitFor();
  await call
    .first()
    .waitFor({ timeout: CALL_LIMIT_MS })
    .catch(() => undefined);
  await ((await call.count()) > 0 ? call.first() : first).click();
  await page.waitForURL(/customer=/);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(TURNS_MS);
}

async function signIn(page: Page, consoleUrl: string, role: string, password: string): Promise<void> {
  await page.goto(`${consoleUrl}/sign-in`);
  await page.getByLabel('Email', { exact: true }).fill(`${role}@demo.millrace`);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

async function take(browser: Browser, consoleUrl: string, password: string, shot: Shot): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await signIn(page, consoleUrl, shot.role, password);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(consoleUrl + shot.path);
    await shot.prepare?.(page);
    await page.waitForTimeout(SETTLE_MS);
    const path = join(FOLDER, `${shot.name}-${colorScheme}.png`);
    await page.screenshot({ path });
    console.log(path);
  }
  await context.close();
}

const { values } = parseArgs({
  options: {
    console: { type: 'string', default: 'http://localhost:3000' },
    data: { type: 'string', default: '.data' },
  },
});
const { password } = JSON.parse(readFileSync(join(values.data, 'demo.json'), 'utf8')) as { password: string };
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath: browserExecutable(), args: ['--no-sandbox'] });
try {
  for (const shot of SHOTS) await take(browser, values.console.replace(/\/$/, ''), password, shot);
} finally {
  await browser.close();
}
