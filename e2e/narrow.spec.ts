import { expect, test } from '@playwright/test';
import { fillIn, pressOn } from './keyboard';
import { openAs, type RoleName } from './product';

/** A page as wide as a phone, or a window of 1,440 px that is zoomed to almost four times. */
const NARROW = { width: 390, height: 844 };

const PAGES: [RoleName, string][] = [
  ['ops', '/operations'],
  ['ops', '/streams/modules'],
  ['privacy', '/privacy'],
  ['stakeholder', '/workshop'],
  ['admin', '/settings/sources'],
];

test('a narrow page has its title and tools below each other, and nothing beyond its edge', async ({
  page,
}) => {
  await page.setViewportSize(NARROW);
  for (const [role, path] of PAGES) {
    await openAs(page, role, path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond, `${path} goes beyond its edge by so many px`).toBeLessThanOrEqual(0);
  }
});

test('a new name of one’s own stands in the rail at once', async ({ page }) => {
  await openAs(page, 'stakeholder', '/settings');
  const rail = page.getByRole('navigation', { name: 'Sections' });
  const before = await page.getByLabel('Name', { exact: true }).inputValue();
  for (const name of [`${before} the Younger`, before]) {
    await fillIn(page, 'Name', name);
    await pressOn(page.getByRole('button', { name: 'Save', exact: true }));
    await expect(rail.getByText(name, { exact: true })).toBeVisible();
  }
});
