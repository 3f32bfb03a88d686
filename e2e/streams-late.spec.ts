import { expect, type Page, test } from '@playwright/test';
import { focusOn, openDialog, press, pressOn } from './keyboard';
import { expectAccessibleInBothThemes, lookAnew, openAs, send, track } from './product';

const MINUTE_MS = 60_000;

/** A cart that was abandoned, and the order that would have saved it, which comes late. */
async function lateOrder(): Promise<{ customer: string; messageId: string }> {
  const customer = `late-${crypto.randomUUID().slice(0, 8)}@shop.test`;
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * MINUTE_MS);
  const product = { product_id: 'p1', price: 20, quantity: 1, currency: 'USD' };
  await send(track(customer, 'Product Added', product, at(90)));
  await send(track(customer, 'Product Viewed', product));
  const order = track(customer, 'Order Completed', { order_id: 'o1', total: 20, currency: 'USD' }, at(80));
  await send(order);
  return { customer, messageId: order.messageId };
}

const grid = (page: Page) => page.getByRole('grid', { name: 'Late events' });

/** The list is asked again with the page: history is a moment behind. */
async function openWith(page: Page, role: 'ops' | 'admin', messageId: string): Promise<void> {
  await openAs(page, role, `/streams/late?key=${messageId}`);
  await lookAnew(page, (timeout) => expect(grid(page).getByText(messageId)).toBeVisible({ timeout }));
}

test('ops: a late order stands beside what was published, and the filter is in the address', async ({
  page,
}) => {
  const { customer, messageId } = await lateOrder();
  await openWith(page, 'ops', messageId);
  await expect(grid(page)).toContainText('cart abandoned');
  await expect(grid(page)).toContainText('cart converted');
  expect(await page.content()).not.toContain(customer);

  await focusOn(grid(page));
  await press(page, 'j', 'Enter');
  const drawer = await openDialog(page, /Order Completed/);
  await expect(page).toHaveURL(/late=/);
  await expect(drawer.getByText('masked for your role')).toBeVisible();
  await expect(drawer.getByText(/cart abandoned \$20\.00/)).toBeVisible();
  await expect(drawer.getByText(/cart converted \$20\.00/)).toBeVisible();
  await press(page, 'Escape');

  const download = page.waitForEvent('download');
  await pressOn(page.getByRole('button', { name: 'CSV' }));
  expect((await download).suggestedFilename()).toBe('late-events.csv');

  const name = page.getByRole('textbox', { name: 'Event name' });
  await focusOn(name);
  await page.keyboard.type('nothing like it');
  await expect(page).toHaveURL(/name=nothing/);
  await expect(page.getByText('Nothing matches this filter')).toBeVisible();
});

test('ops: a column of the histogram chooses those at least so late', async ({ page }) => {
  const { messageId } = await lateOrder();
  await openWith(page, 'ops', messageId);
  const column = page.getByRole('button', { name: /^1 h to 2 h/ });
  await expect(column).toBeVisible();
  await pressOn(column);
  await expect(page).toHaveURL(/least=3600000/);
  await expect(column).toHaveAttribute('aria-pressed', 'true');
  await pressOn(column);
  await expect(page).not.toHaveURL(/least=/);
});

test('admin: the customer of a late event can be opened', async ({ page }) => {
  const { customer, messageId } = await lateOrder();
  await openWith(page, 'admin', messageId);
  await focusOn(grid(page));
  await press(page, 'j', 'Enter');
  const drawer = await openDialog(page, /Order Completed/);
  const href = await drawer.getByRole('link', { name: /•/ }).getAttribute('href');
  expect(href).toBe(`/desk?customer=${encodeURIComponent(customer)}`);
});

test('late events have no serious accessibility finding', async ({ page }) => {
  await openAs(page, 'ops', '/streams/late');
  await expect(page.getByRole('heading', { level: 1, name: 'Late events' })).toBeVisible();
  await expect(page.getByRole('button', { name: /late events; show/ }).first()).toBeVisible();
  await expectAccessibleInBothThemes(page);
});
