import { expect, type Page, test } from '@playwright/test';
import { openAs, send, track } from './product';

/** What may move in all while a page loads, as browsers reckon it (0.1 is called good): a figure that grows by a digit, no pane. */
const MOST_SHIFT = 0.005;

type Shifts = Window & { shifts: number[] };

/** Notes from the first paint on how much of the page moves without anybody having done anything. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    (window as unknown as Shifts).shifts = shifts;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
        shifts.push(entry.value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

test('nothing of the desk moves while it loads', async ({ page }) => {
  const customer = `early-${crypto.randomUUID().slice(0, 8)}`;
  await send(track(customer, 'Call Started', { contactId: customer }));
  await openAs(page, 'agent', '/desk');
  const row = page.locator(`[role=option][data-customer="${customer}"]`);
  await expect(row).toBeVisible();
  await watchShifts(page);
  await page.reload();
  await expect(row).toBeVisible();
  await expect(page.locator('[data-skeleton]')).toHaveCount(0);
  const shifts = await page.evaluate(() => (window as unknown as Shifts).shifts);
  expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(MOST_SHIFT);
});
