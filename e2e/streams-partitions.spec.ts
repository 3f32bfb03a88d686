import { expect, type Page, test } from '@playwright/test';
import { partitionOf } from '../server/core/partition';
import { focusOn, press, pressOn } from './keyboard';
import { expectAccessibleInBothThemes, lookAnew, openAs, send, track } from './product';

const PARTITIONS = 64;
const HOT = 'heavy-sender-1';
const others = (count: number) =>
  Array.from({ length: count }, (_, i) => track(`light-sender-${i}`, 'Product Viewed', { position: i }));
const fromHot = (count: number) =>
  Array.from({ length: count }, (_, i) => track(HOT, 'Product Viewed', { position: i }));

/** Sends while something is awaited: what is hot is what came in the last seconds. */
async function whileSending(seen: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await send(...fromHot(40), ...others(10));
    await seen();
  }).toPass({ timeout: 60_000, intervals: [500] });
}

const hotRow = (page: Page, text: string) =>
  page.getByRole('grid', { name: 'Hot customers' }).getByRole('row').filter({ hasText: text });

test('ops: the map finds the hot partition, and its customer, masked', async ({ page }) => {
  const name = `1.${partitionOf(HOT, PARTITIONS)}`;
  await openAs(page, 'ops', '/streams/partitions');
  const square = page.getByRole('button', { name: `Partition ${name}:` });
  await whileSending(async () => {
    await expect(square).toHaveAttribute('data-heat', '5', { timeout: 1_000 });
    await expect(hotRow(page, 'he••••-1')).toBeVisible({ timeout: 1_000 });
  });
  await expect(page.locator('body')).not.toContainText(HOT);
  await pressOn(square);
  await expect(page).toHaveURL(new RegExp(`partition=${name.replace('.', '\\.')}`));
  await expect(page.getByText(`Whose events are they, on ${name}?`)).toBeVisible();
  await page.screenshot({ path: 'test-results/streams-partitions-hot.png', fullPage: true });
});

test('admin: may read the key, and that is on record', async ({ page }) => {
  await openAs(page, 'admin', '/streams/partitions');
  await whileSending(() => expect(hotRow(page, HOT)).toBeVisible({ timeout: 1_000 }));
  await openAs(page, 'admin', '/privacy?tab=audit');
  await expect(page.getByText(HOT).first()).toBeVisible();
});

test('ops: another key shows whose order would be lost; other workers, who would move', async ({ page }) => {
  await send(...fromHot(20), ...others(30));
  await openAs(page, 'ops', '/streams/partitions?count=256');
  const whatIf = page.locator('[data-what-if="256"]');
  await lookAnew(page, (timeout) => expect(whatIf).toBeVisible({ timeout }));
  await expect(whatIf).toContainText('order of each customer’s events would be kept');
  const key = page.locator('#what-if').getByLabel('Key', { exact: true }).first();
  await focusOn(key);
  await press(page, 'ArrowDown');
  await expect(page.getByRole('option', { name: 'message id' })).toBeVisible();
  await press(page, 'ArrowUp', 'Enter');
  await expect(page).toHaveURL(/key=message/);
  await expect(whatIf).toContainText('would be lost');
  await expect(page.locator('#rebalance')).toContainText(/partition|noted/, { timeout: 90_000 });
});

test('squares are walked with the arrows', async ({ page }) => {
  await send(...others(30));
  await openAs(page, 'ops', '/streams/partitions');
  const squares = page.getByRole('group', { name: 'Partitions by throughput and lag' }).getByRole('button');
  await expect(squares).toHaveCount(PARTITIONS);
  await focusOn(squares.first());
  await press(page, 'ArrowRight', 'ArrowDown');
  await expect(squares.nth(17)).toBeFocused();
});

test('has no serious accessibility finding', async ({ page }) => {
  await openAs(page, 'ops', '/streams/partitions');
  await whileSending(() => expect(page.locator('[data-heat="5"]').first()).toBeVisible({ timeout: 1_000 }));
  await expectAccessibleInBothThemes(page, 'streams-partitions');
});
