import { expect, test } from '@playwright/test';
import { focusOn, press } from './keyboard';
import { expectAccessibleInBothThemes, lookAnew, openAs, send, track } from './product';

test('ops: a message that was sent three times shows its attempts and its one effect', async ({ page }) => {
  const message = track('repeating-customer', 'Order Completed', { total: 12 });
  const refused = { ...track('repeating-customer', 'Product Added', { product_id: 'x', price: -1 }) };
  await send(message);
  await send(message);
  await send(message, track('another', 'Page Seen'));
  await send(refused, track('another', 'Page Seen'));
  await openAs(page, 'ops', '/streams/duplicates');
  const field = page.getByLabel('Message id');
  await focusOn(field);
  await page.keyboard.type(message.messageId);
  await press(page, 'Enter');
  await expect(page).toHaveURL(new RegExp(`message=${message.messageId}`));
  const attempts = page.getByRole('list', { name: 'Attempts' }).getByRole('listitem');
  await expect(attempts).toHaveCount(3);
  await expect(attempts.nth(0)).toContainText('taken');
  await expect(attempts.nth(1)).toContainText('duplicate, suppressed');
  await expect(attempts.nth(2)).toContainText('duplicate, suppressed');
  await expect(page.getByText('One effect:')).toContainText('Order Completed');
  await expect(page.getByText('One effect:')).toContainText('re••••er');
  await page.screenshot({ path: 'test-results/streams-duplicates-found.png', fullPage: true });
  await openAs(page, 'ops', `/streams/duplicates?message=${refused.messageId}`);
  await expect(attempts.first()).toContainText('refused');
  await expect(page.getByText('It had no effect')).toBeVisible();
});

test('ops: repeats are counted over the chosen range, and looked up from the list', async ({ page }) => {
  const message = track('counted-customer', 'Page Seen');
  for (let i = 0; i < 4; i += 1) await send(message);
  await openAs(page, 'ops', '/streams/duplicates?from=now-1h');
  const row = page
    .getByRole('grid', { name: 'Ids sent again' })
    .getByRole('row')
    .filter({ hasText: message.messageId });
  await lookAnew(page, (timeout) => expect(row).toContainText('3', { timeout }));
  const figures = page.getByRole('region', { name: 'Duplicates' });
  await expect(figures).toContainText(/Suppressed/);
  await expect(figures).toContainText(/of 7 d by the setting/);
  const grid = page.getByRole('grid', { name: 'Ids sent again' });
  await focusOn(grid);
  await press(page, 'ArrowDown', 'Enter');
  await expect(page.getByRole('list', { name: 'Attempts' })).toBeVisible();
});

test('ops: what was leaked is measured, and says on what it rests', async ({ page }) => {
  await openAs(page, 'ops', '/streams/duplicates');
  const figures = page.getByRole('region', { name: 'Duplicates' });
  await lookAnew(page, async (timeout) => {
    await send(track('checked-customer', 'Page Seen'));
    await expect(figures).toContainText(/compared with each other/, { timeout });
  });
  await expect(figures).not.toContainText('counted twice');
});

test('an id nobody sent is said to be unknown', async ({ page }) => {
  await openAs(page, 'ops', '/streams/duplicates?message=never-sent');
  await expect(page.getByText('No message with this id has been seen')).toBeVisible();
});

test('has no serious accessibility finding', async ({ page }) => {
  const message = track('themed-customer', 'Page Seen');
  await send(message);
  await send(message);
  await openAs(page, 'ops', `/streams/duplicates?message=${message.messageId}`);
  await expect(page.getByRole('list', { name: 'Attempts' }).getByRole('listitem')).toHaveCount(2);
  await expectAccessibleInBothThemes(page, 'streams-duplicates');
});
