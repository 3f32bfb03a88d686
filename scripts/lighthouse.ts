/**
 * `npm run lighthouse -- [--console URL] [--data DIR] [--only /path] [--json]`: the budgets of the console's pages, measured in
 * a real browser against a running demo, signed in as its administrator. Exit code 1 when a page is over a budget.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrowserContext, chromium } from '@playwright/test';
import lighthouse, { desktopConfig, type Result } from 'lighthouse';
import { browserExecutable } from '@/e2e/browser';
import { freePort } from '@/server/platform/embedded/ports';

/** What a first load may cost: scores of 100, milliseconds, kilobytes (1,024 bytes) as transferred. */
const BUDGET = { accessibility: 95, largestPaintMs: 1_500, scriptKb: 250 } as const;
const SIGNED_OUT = ['/sign-in'];
const SIGNED_IN = [
  '/desk',
  '/operations',
  '/streams',
  '/streams/late',
  '/streams/choices',
  '/privacy',
  '/workshop',
  '/rules',
  '/sources/first-event',
  '/dead-letters',
  '/settings',
  '/settings/people',
  '/settings/keys',
  '/settings/sources',
  '/settings/workspace',
];

interface Measured {
  path: string;
  performance: number;
  accessibility: number;
  largestPaintMs: number;
  blockingMs: number;
  /** reported, not judged: a list of live events moves by itself. 0: nothing moved after it was painted */
  shift: number;
  scriptKb: number;
}

/** A live page is never at rest: what it does in this time counts, ms. */
const WATCHED_MS = 10_000;
/** The tool now and then loses the page it opened. */
const ATTEMPTS = 3;

/** One first load with an empty cache on a desktop screen, its network slowed for real (40 ms away, 10 Mbit/s). */
async function measure(url: string, port: number): Promise<Measured> {
  const flags = {
    port,
    logLevel: 'silent' as const,
    throttlingMethod: 'devtools' as const,
    maxWaitForLoad: WATCHED_MS,
    onlyCategories: ['performance', 'accessibility'],
  };
  let why = 'no result';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const answer = await lighthouse(url, flags, desktopConfig).catch((error: unknown) => {
      why = error instanceof Error ? error.message : String(error);
      return undefined;
    });
    const failed = answer?.lhr.runtimeError;
    if (answer && !failed) return figuresOf(answer.lhr);
    if (failed) why = failed.message;
  }
  throw new Error(`${url} could not be measured: ${why}`);
}

function figuresOf(result: Result): Measured {
  const score = (category: string) => Math.round((result.categories[category]?.score ?? 0) * 100);
  const figure = (audit: string) => Math.round(result.audits[audit]?.numericValue ?? Number.NaN);
  return {
    path: new URL(result.finalDisplayedUrl).pathname,
    performance: score('performance'),
    accessibility: score('accessibility'),
    largestPaintMs: figure('largest-contentful-paint'),
    blockingMs: figure('total-blocking-time'),
    shift: Math.round((result.audits['cumulative-layout-shift']?.numericValue ?? 0) * 1_000) / 1_000,
    scriptKb: Math.round(scriptBytes(result) / 1024),
  };
}

/** All script the page fetched until it was at rest, as transferred: also what is loaded later but at once. */
function scriptBytes(result: Result): number {
  const details = result.audits['network-requests']?.details;
  if (details?.type !== 'table') return Number.NaN;
  return details.items
    .filter((item) => item.resourceType === 'Script')
    .reduce((sum, item) => sum + Number(item.transferSize ?? 0), 0);
}

function overBudget(page: Measured): string[] {
  return [
    page.accessibility < BUDGET.accessibility && 'accessibility',
    !(page.largestPaintMs <= BUDGET.largestPaintMs) && 'largest paint',
    !(page.scriptKb <= BUDGET.scriptKb) && 'script',
  ].filter((name) => name !== false);
}

/**
 * The tool looks on every 100 ms whether the page is quiet, also when it has closed it by then, and nobody waits for the answer
 * to that look: its error would end this process though the page was measured.
 */
function isLateLook(error: unknown): boolean {
  return error instanceof Error && /Protocol error .*Session closed/.test(error.message);
}

process.on('unhandledRejection', (error) => {
  if (!isLateLook(error)) throw error;
});

async function signIn(context: BrowserContext, consoleUrl: string, password: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${consoleUrl}/sign-in`);
  await page.getByLabel('Email', { exact: true }).fill('admin@demo.millrace');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await page.close();
}

function row(cells: (string | number)[]): string {
  return cells.map((cell, at) => (at === 0 ? String(cell).padEnd(24) : String(cell).padStart(14))).join('');
}

function print(page: Measured): void {
  const { path, performance, accessibility, largestPaintMs, blockingMs, shift, scriptKb } = page;
  const over = overBudget(page);
  const verdict = over.length > 0 ? `  over: ${over.join(', ')}` : '';
  console.log(
    row([
      path,
      performance,
      accessibility,
      `${largestPaintMs} ms`,
      `${blockingMs} ms`,
      shift,
      `${scriptKb} kB`,
    ]) + verdict,
  );
}

const { values } = parseArgs({
  options: {
    console: { type: 'string', default: 'http://localhost:3000' },
    data: { type: 'string', default: '.data' },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
});
const consoleUrl = values.console.replace(/\/$/, '');
const { password } = JSON.parse(readFileSync(join(values.data, 'demo.json'), 'utf8')) as { password: string };
const wanted = (path: string) => !values.only || values.only.includes(path);
const profile = mkdtempSync(join(tmpdir(), 'millrace-lighthouse-'));
const port = await freePort();
const context = await chromium.launchPersistentContext(profile, {
  executablePath: browserExecutable(),
  args: ['--no-sandbox', `--remote-debugging-port=${port}`],
});
const measured: Measured[] = [];
try {
  if (!values.json) {
    console.log(
      row(['page', 'performance', 'accessibility', 'largest paint', 'blocking time', 'shift', 'script']),
    );
    console.log(
      row([
        'budget',
        '',
        `≥ ${BUDGET.accessibility}`,
        `≤ ${BUDGET.largestPaintMs} ms`,
        '',
        `≤ ${BUDGET.scriptKb} kB`,
      ]),
    );
  }
  for (const path of [...SIGNED_OUT, ...SIGNED_IN].filter(wanted)) {
    if (path === SIGNED_IN.find(wanted)) await signIn(context, consoleUrl, password);
    const page = await measure(consoleUrl + path, port);
    if (page.path !== path) throw new Error(`${path} was answered with ${page.path}`);
    measured.push(page);
    if (!values.json) print(page);
  }
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
if (values.json) console.log(JSON.stringify({ budget: BUDGET, pages: measured }, null, 2));
if (measured.some((page) => overBudget(page).length > 0)) process.exitCode = 1;
