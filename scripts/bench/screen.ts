import { chromium, type Page } from '@playwright/test';
import { browserExecutable } from '../../e2e/browser';
import type { OwnProduct } from '../own-product';
import { type Percentiles, percentiles } from './percentiles';
import { load, sleep } from './processes';

const PROBE_EVERY_MS = 100;

export interface ScreenFigures {
  /** from the sending of an event to the agent's customer row in the DOM, ms */
  row: Percentiles;
  /** age of the newest log time in Operations' "events in" at the moment it is repainted, ms */
  aggregates: Percentiles;
}

/** Signs a demo person in, and waits for the first page. */
export async function signIn(page: Page, product: OwnProduct, role: string): Promise<void> {
  await page.goto(`${product.consoleUrl}/sign-in`);
  await page.getByLabel('Email', { exact: true }).fill(`${role}@demo.millrace`);
  await page.getByLabel('Password', { exact: true }).fill(product.keys.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

interface CustomerAct {
  customer: string;
  event: string;
}

/** One request with an event for each of these acts, a millisecond after the one before. @throws when it is not taken */
export async function sendBatch(product: OwnProduct, acts: readonly CustomerAct[]): Promise<void> {
  const began = Date.now() - acts.length;
  const batch = acts.map(({ customer, event }, index) => ({
    type: 'track',
    userId: customer,
    event,
    properties: { product_id: 'probe', price: 10 },
    messageId: crypto.randomUUID(),
    timestamp: new Date(began + index).toISOString(),
  }));
  const response = await fetch(`${product.collectorUrl}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${product.keys.writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch }),
  });
  if (!response.ok) throw new Error(`The collector answered ${response.status}: ${await response.text()}`);
}

const sendProbe = (product: OwnProduct, customer: string, event = 'Payment Failed') =>
  sendBatch(product, [{ customer, event }]);

/** Notes in the page, at every change of the element's `data-at`, how old that time is. */
async function watchAge(page: Page, selector: string): Promise<void> {
  await page.evaluate((watched) => {
    const ages: number[] = [];
    let last = '';
    // No named function in here: the loader's name keeping does not reach into the page.
    new MutationObserver(() => {
      const at = document.querySelector(watched)?.getAttribute('data-at') ?? '';
      if (at === '' || at === last) return;
      if (last !== '') ages.push(Date.now() - Number(at));
      last = at;
    }).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['data-at'],
    });
    Object.assign(window, { millraceAges: ages });
  }, selector);
}

const agesOf = (page: Page) =>
  page.evaluate(() => (window as unknown as { millraceAges: number[] }).millraceAges);

/** Event → screen at a background rate, seen by a real browser on the Desk and on Operations. */
export async function measureScreen(
  product: OwnProduct,
  rate: number,
  seconds: number,
): Promise<ScreenFigures> {
  const browser = await chromium.launch({ executablePath: browserExecutable(), args: ['--no-sandbox'] });
  const customer = `probe-${rate}-${Date.now().toString(36)}`;
  try {
    const desk = await (await browser.newContext()).newPage();
    await signIn(desk, product, 'agent');
    // A cart whose payment fails is what puts a customer into the queue.
    await sendProbe(product, customer, 'Product Added');
    await sendProbe(product, customer);
    const row = `[data-customer="${customer}"]`;
    await desk.waitForSelector(row, { timeout: 30_000 });
    const operations = await (await browser.newContext()).newPage();
    await signIn(operations, product, 'ops');
    const figure = 'section[aria-label="Is it all right?"] [data-at]';
    await operations.waitForSelector(figure, { timeout: 30_000 });
    await watchAge(desk, row);
    await watchAge(operations, figure);
    const background = load({
      url: product.collectorUrl,
      writeKey: product.keys.writeKey,
      seconds,
      connections: 4,
      rate,
      seed: 900 + rate,
    });
    for (const end = Date.now() + seconds * 1_000; Date.now() < end; await sleep(PROBE_EVERY_MS)) {
      await sendProbe(product, customer);
    }
    await background;
    return { row: percentiles(await agesOf(desk)), aggregates: percentiles(await agesOf(operations)) };
  } finally {
    await browser.close();
  }
}
