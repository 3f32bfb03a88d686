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

for (const [role, path] of PAGES) {
  test(`${path} has nothing beyond its edge on a narrow page`, async ({ page }) => {
    await page.setViewportSize(NARROW);
    await openAs(page, role, path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0);
    expect(await beyond()).toBeLessThanOrEqual(0);
  });
}

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
