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

/** Panes that stand past the edge of the window or over another, by their titles. */
function crowdedPanes(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const panes = [...document.querySelectorAll('main section:has(> header h2)')].map((pane) => ({
      title: pane.querySelector('h2')?.textContent ?? '',
      box: pane.getBoundingClientRect(),
    }));
    return panes.flatMap(({ title, box }, index) => {
      const isPast = box.width < 200 || box.right > document.documentElement.clientWidth;
      const under = panes.slice(index + 1).find(({ box: other }) => {
        const isBeside = other.left >= box.right || box.left >= other.right;
        return !isBeside && other.top < box.bottom && box.top < other.bottom;
      });
      return [
        ...(isPast ? [`${title}: past the edge`] : []),
        ...(under ? [`${title}: under ${under.title}`] : []),
      ];
    });
  });
}

test('no pane of the desk is in the way of another, at any width', async ({ page }) => {
  const customer = `wide-${crypto.randomUUID().slice(0, 8)}`;
  await send(track(customer, 'Call Started', { contactId: customer }));
  await openAs(page, 'agent', `/desk?customer=${customer}`);
  await expect(page.getByRole('button', { name: 'Take' })).toBeVisible();
  for (const width of [1440, 1024, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect(page.getByRole('heading', { level: 2, name: 'Call now' })).toBeVisible();
    expect(await crowdedPanes(page), `${width} px`).toEqual([]);
  }
});
