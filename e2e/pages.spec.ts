import { expect, test } from '@playwright/test';
import { expectAccessibleInBothThemes, openAs, type RoleName } from './product';

/** Pages of the console, by the role that works on them; those that are not here are looked at in journeys of their own. */
const PAGES: [RoleName, string][] = [
  ['agent', '/desk'],
  ['ops', '/operations'],
  ['ops', '/rules'],
  ['ops', '/rules?tab=audiences'],
  ['ops', '/sources/first-event'],
  ['ops', '/sources/import'],
  ['ops', '/dead-letters'],
  ['ops', '/escalations'],
  ['agent', '/escalations?show=all'],
  ['ops', '/streams/windows'],
  ['ops', '/streams/definition'],
  ['privacy', '/privacy'],
  ['privacy', '/privacy/report?customer=anybody'],
  ['stakeholder', '/workshop'],
  ['admin', '/settings'],
  ['admin', '/settings/people'],
  ['admin', '/settings/workspace'],
  ['admin', '/settings/keys'],
  ['admin', '/settings/sources'],
];

for (const [role, path] of PAGES) {
  test(`${path} has no serious accessibility finding in either theme`, async ({ page }) => {
    await openAs(page, role, path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForLoadState('load');
    await expectAccessibleInBothThemes(page);
  });
}
