import { expect, type Page, test } from '@playwright/test';
import { expectNoDialog, openDialog, press, pressOn, pressUntil } from './keyboard';
import { collectorUrl, expectAccessibleInBothThemes, keys, openAs, send, track } from './product';

/** Events of many customers, so that some of them are followed from operator to operator. */
async function shop(events: number): Promise<void> {
  const names = ['Product Viewed', 'Product Added', 'Checkout Started'];
  const run = crypto.randomUUID().slice(0, 8);
  const batch = Array.from({ length: events }, (_, index) =>
    track(`t-${run}-${index % 40}`, names[index % 3] ?? '', { product_id: 'p1', price: 12, quantity: 1 }),
  );
  await send(...batch);
}

const node = (page: Page, operator: string) => page.locator(`[data-operator=${operator}]`);

test('ops: the topology moves with the events, and an operator opens by keyboard', async ({ page }) => {
  await openAs(page, 'ops', '/operations');
  await expect(page.getByRole('heading', { level: 1, name: 'Operations' })).toBeVisible();
  // Once one shortcut works they all do.
  await pressUntil(page, '?', page.getByRole('dialog', { name: 'Shortcuts' }));
  await press(page, 'Escape');
  await expectNoDialog(page);
  // "g t" goes to Streams although "t" alone opens the thresholds here.
  await press(page, 'g', 't');
  await page.waitForURL(/\/streams$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Topology' })).toBeVisible();
  await expect(node(page, 'carts')).toBeVisible();
  await expect(async () => {
    await shop(200);
    await expect(node(page, 'visits')).toContainText(/[1-9][\d,.]*\/s/, { timeout: 2_000 });
    await expect(node(page, 'carts')).toContainText('µs', { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByText(/Partition \d+ is at|All partitions are idle/)).toBeVisible();

  await pressOn(node(page, 'carts'));
  const drawer = await openDialog(page, 'Carts');
  await expect(page).toHaveURL(/operator=carts/);
  await expect(drawer.getByText('group main')).toBeVisible();
  await expect(drawer.getByText('Time in hand')).toBeVisible();
  // What hangs on it can be followed from drawer to drawer.
  await pressOn(drawer.getByRole('button', { name: 'Rules' }));
  await expect(page.getByRole('dialog', { name: 'Rules' })).toBeVisible();
  await press(page, 'Escape');
  await expectNoDialog(page);
  await expect(page).toHaveURL(/\/streams$/);
});

test('ops: what the collector refused stands at the collector', async ({ page }) => {
  const messageId = `refused-${crypto.randomUUID()}`;
  const answer = await fetch(`${collectorUrl()}/v1/track`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${keys().writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ type: 'track', event: 'Nobody', messageId, properties: {} }),
  });
  expect(answer.status).toBe(400);
  await openAs(page, 'ops', '/streams?operator=collector');
  const drawer = await openDialog(page, 'Collector');
  await expect(drawer.getByRole('link', { name: messageId })).toBeVisible({ timeout: 60_000 });
});

test('ops: the palette finds every page of Streams and every operator', async ({ page }) => {
  await openAs(page, 'ops', '/streams');
  // The frame reacts before the page has put its operators into the palette.
  await expect(node(page, 'carts')).toBeVisible();
  await pressUntil(page, 'Control+k', page.getByRole('dialog'));
  await page.keyboard.type('operator: queue');
  await press(page, 'Enter');
  await expect(page.getByRole('dialog', { name: 'Queue' })).toBeVisible();
  await press(page, 'Escape');
  await expectNoDialog(page);
  // Typed on without a look: before the palette is there.
  await press(page, 'Control+k');
  await page.keyboard.type('streams: late');
  await press(page, 'Enter');
  await page.waitForURL(/\/streams\/late/);
});

test('stakeholder: the section is not theirs', async ({ page }) => {
  await openAs(page, 'stakeholder', '/streams');
  await expect(page.getByText('Not part of your role')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Streams' })).toHaveCount(0);
});

test('the topology has no serious accessibility finding, with a drawer open either', async ({ page }) => {
  await openAs(page, 'ops', '/streams');
  await expect(node(page, 'carts')).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await pressOn(node(page, 'late'));
  await openDialog(page, 'Late events');
  await expectAccessibleInBothThemes(page);
});
