import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { expectNoDialog, focusOn, moveTo, openDialog, press, pressOn, pressUntil } from './keyboard';
import { collectorUrl, consoleUrl, keys, openAs, rest, send, track } from './product';

/** What each of the five roles comes for, on events that go through the collector, by keyboard alone. */

/** Events of one moment are in the order of their ids, which here is any. */
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000);
const newCustomer = (kind: string) => `${kind}-${crypto.randomUUID().slice(0, 8)}`;

test('agent: a customer in trouble shows with the reason, is taken and seen live', async ({ page }) => {
  const customer = newCustomer('agent');
  await openAs(page, 'agent', '/desk');
  await send(
    track(customer, 'Product Added', { product_id: 'kettle', name: 'Kettle', price: 39.9 }, secondsAgo(3)),
    track(customer, 'Payment Failed', { reason: 'card declined' }, secondsAgo(2)),
    track(customer, 'Payment Failed', { reason: 'card declined' }, secondsAgo(1)),
  );
  const row = page.locator(`[data-customer="${customer}"]`);
  await expect(row).toBeVisible();
  await expect(row).toContainText(/payment failed/i);
  await moveTo(page, row);
  // Until the shortcut stands that the selection brings.
  await expect(page.getByRole('button', { name: 'Take' })).toBeVisible();
  await pressUntil(page, 'Enter', row.and(page.locator('[data-claim=mine]')));
  await expect(page.getByText('Kettle').first()).toBeVisible();
  await send(track(customer, 'Product Viewed', { product_id: 'lamp', name: 'Reading Lamp' }));
  await expect(page.getByText('Reading Lamp').first()).toBeVisible();
});

test('agent: Enter on a button presses it, and takes nobody; numbers open the events behind them', async ({
  page,
}) => {
  const customer = newCustomer('buyer');
  await send(
    track(customer, 'Order Completed', { total: 10.1, currency: 'USD' }, secondsAgo(4)),
    track(customer, 'Order Refunded', { total: 0.3, currency: 'USD' }, secondsAgo(3)),
    track(customer, 'Product Added', { product_id: 'kettle', name: 'Kettle', price: 39.9 }, secondsAgo(2)),
    track(customer, 'Payment Failed', { reason: 'card declined' }, secondsAgo(1)),
  );
  await openAs(page, 'agent', `/desk?customer=${customer}`);
  await expect(page.getByRole('button', { name: 'Take' })).toBeVisible();
  await pressOn(page.getByRole('button', { name: '1 order', exact: true }));
  const purchases = await openDialog(page);
  await expect(purchases.getByText(/they add up to the card/)).toBeVisible();
  await expect(purchases.getByText('$10.10')).toBeVisible();
  await press(page, 'Escape');
  await expectNoDialog(page);
  await expect(page.getByRole('button', { name: 'Take' })).toBeVisible();
});

test('ops: what comes in is counted on the strip, and a threshold can be set', async ({ page }) => {
  await openAs(page, 'ops', '/operations');
  const strip = page.getByRole('region', { name: 'Is it all right?' });
  await expect(strip).toBeVisible();
  await send(
    ...Array.from({ length: 40 }, (_, i) => track(newCustomer('ops'), 'Product Viewed', { position: i })),
  );
  await expect(strip.locator('[data-at]').first()).toContainText(/[1-9]/);
  await pressUntil(page, 'End', page.locator('section#funnel').getByText('% from step before').first());
  await openAs(page, 'ops', '/operations?threshold=new');
  const name = `Too quiet ${crypto.randomUUID().slice(0, 6)}`;
  const editor = await openDialog(page);
  await editor.getByLabel('Name', { exact: true }).focus();
  await page.keyboard.type(name);
  await press(page, 'Enter');
  await expect(page.getByText(name).first()).toBeVisible();
});

test('ops: a step of the funnel opens the live visits that reached it', async ({ page }) => {
  const customer = newCustomer('browser');
  await send(
    track(customer, 'Product Viewed', { product_id: 'kettle', name: 'Kettle' }, secondsAgo(2)),
    track(customer, 'Product Added', { product_id: 'kettle', name: 'Kettle', price: 39.9 }, secondsAgo(1)),
  );
  await openAs(page, 'ops', '/operations');
  const count = page.getByRole('button', { name: /live visits: Added to cart/ });
  await pressUntil(page, 'End', count);
  await pressOn(count);
  const list = await openDialog(page);
  const row = list.getByRole('row').filter({ hasText: customer });
  // A look is of one moment: taken again until the stream has come to it.
  await expect(async () => {
    await pressOn(list.getByRole('button', { name: 'Look again' }));
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await expect(row.getByRole('gridcell', { name: 'Added to cart' })).toBeVisible();
  await press(page, 'Escape');
  await expectNoDialog(page);
});

test('privacy: an opt-out is acknowledged, audited, and holds for what comes after', async ({ page }) => {
  const customer = newCustomer('private');
  await send(track(customer, 'Product Added', { product_id: 'lamp', price: 12 }));
  await expect.poll(async () => (await rest<{ events: number }>('totals')).events).toBeGreaterThan(0);
  await openAs(page, 'privacy', '/privacy');
  const search = page.getByLabel('Search a customer');
  await focusOn(search);
  await page.keyboard.type(customer);
  await expect(page.getByRole('option', { name: customer })).toBeVisible();
  await press(page, 'ArrowDown', 'Enter');
  const drawer = await openDialog(page);
  await pressOn(drawer.getByRole('button', { name: /opt out/i }).first());
  await drawer.getByLabel('Why (optional)').focus();
  await page.keyboard.type('asked on the phone');
  await pressOn(drawer.getByRole('button', { name: 'Opt out', exact: true }));
  await expect
    .poll(async () => {
      const answer = await rest<{ acknowledgedAt: string | null }>(`opt-outs/${customer}`);
      return answer.acknowledgedAt;
    })
    .toBeTruthy();
  await openAs(page, 'privacy', '/privacy?tab=audit');
  await expect(page.getByText(customer).first()).toBeVisible();
});

test('stakeholder: the board shows use cases, and going live says what is missing', async ({ page }) => {
  await openAs(page, 'stakeholder', '/workshop');
  await pressOn(page.getByRole('button', { name: /use case/i }).first());
  const title = `Idea ${crypto.randomUUID().slice(0, 6)}`;
  const form = await openDialog(page);
  await form.getByLabel('Title').focus();
  await page.keyboard.type(title);
  await press(page, 'Enter');
  const card = page
    .getByRole('button', { name: title })
    .or(page.getByRole('link', { name: title }))
    .first();
  await expectNoDialog(page);
  await pressOn(card);
  const launch = page.getByRole('region', { name: 'Going live' });
  await expect(launch.getByText('missing:').first()).toBeAttached();
  await expect(launch.getByRole('button', { name: 'Go live' })).toBeDisabled();
});

test('admin: a new API key works once shown, and not after it is revoked', async ({ page }) => {
  await openAs(page, 'admin', '/settings/keys');
  const name = `program ${crypto.randomUUID().slice(0, 6)}`;
  await pressOn(page.getByRole('button', { name: /add/i }).first());
  const form = await openDialog(page);
  await form.getByLabel('Name').focus();
  await page.keyboard.type(name);
  await press(page, 'Enter');
  const secret = await page.getByTestId('secret').textContent();
  expect(secret).toMatch(/^\s*mk_/);
  const lag = () =>
    fetch(`${consoleUrl()}/api/v1/lag`, { headers: { authorization: `Bearer ${secret?.trim()}` } });
  expect((await lag()).status).toBe(200);
  await pressOn(page.getByRole('button', { name: 'Done' }));
  await expectNoDialog(page);
  await pressOn(page.getByRole('button', { name: `Revoke ${name}` }));
  const sure = await openDialog(page);
  await pressOn(sure.getByRole('button', { name: /revoke/i }));
  await expect.poll(async () => (await lag()).status).toBe(401);
});

test('admin: a new source is in the region it names, and its key is taken at once', async ({ page }) => {
  await openAs(page, 'admin', '/settings/sources');
  const name = `till ${crypto.randomUUID().slice(0, 6)}`;
  await pressOn(page.getByRole('button', { name: 'Add a source' }));
  const form = await openDialog(page);
  await expect(form.getByRole('combobox', { name: 'Region' })).toHaveValue('local');
  await form.getByLabel('Name').focus();
  await page.keyboard.type(name);
  await press(page, 'Enter');
  const secret = await page.getByTestId('secret').textContent();
  const authorization = `Basic ${btoa(`${secret?.trim()}:`)}`;
  const settings = { method: 'POST', headers: { authorization, 'content-type': 'application/json' } };
  const body = JSON.stringify({ userId: name, event: 'Checked' });
  expect((await fetch(`${collectorUrl()}/v1/track`, { ...settings, body })).status).toBe(200);
  await pressOn(page.getByRole('button', { name: 'Done' }));
  await expectNoDialog(page);
  await expect(
    page.getByRole('row').filter({ hasText: name }).getByRole('cell', { name: 'local' }),
  ).toBeVisible();
});

test('everyone: the palette reaches a page by keyboard, and ? lists the shortcuts', async ({ page }) => {
  await openAs(page, 'admin', '/operations');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await pressUntil(page, 'Control+k', page.getByRole('dialog'));
  const palette = await openDialog(page);
  await expect(palette.getByRole('combobox')).toBeFocused();
  // Enter at once: it takes what fits the whole word, not what fitted its beginning.
  await page.keyboard.type('workshop');
  await press(page, 'Enter');
  await page.waitForURL(/\/workshop/);
  await expectNoDialog(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Workshop' })).toBeVisible();
  await pressUntil(page, '?', page.getByRole('dialog', { name: 'Shortcuts' }));
});

test('everyone: what is typed before the palette is there is not lost', async ({ page }) => {
  await openAs(page, 'admin', '/operations');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  // Loaded by now are the page's own scripts; the palette's comes when it is first asked for, and here it comes late.
  await pressUntil(page, '?', page.getByRole('dialog', { name: 'Shortcuts' }));
  await press(page, 'Escape');
  await expectNoDialog(page);
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    await setTimeout(1_000);
    await route.continue();
  });
  await press(page, 'Control+k');
  await page.keyboard.type('workshopp');
  await press(page, 'Backspace', 'Enter');
  await page.waitForURL(/\/workshop/);
  // Those still held up would otherwise go on after the page is gone.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('a signed-out session is off at once', async ({ page }) => {
  await openAs(page, 'ops', '/operations');
  await page.context().clearCookies();
  await page.goto(`${consoleUrl()}/operations`);
  await page.waitForURL(/\/sign-in/);
  expect(keys().password.length).toBeGreaterThan(8);
});
