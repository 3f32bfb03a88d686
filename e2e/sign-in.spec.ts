import { expect, test } from '@playwright/test';
import { consoleUrl, FIRST_SCREENS, keys, type RoleName, signInByForm } from './product';

for (const role of Object.keys(FIRST_SCREENS) as RoleName[]) {
  test(`${role} signs in and lands on the screen of the role`, async ({ page }) => {
    await signInByForm(page, role);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
}

test('a wrong password is refused with a plain sentence, and the address stays', async ({ page }) => {
  await page.goto(`${consoleUrl()}/sign-in`);
  await page.getByLabel('Email', { exact: true }).fill('agent@demo.millrace');
  await page.getByLabel('Password', { exact: true }).fill(`${keys().password}x`);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: /password/i })).toBeVisible();
  expect(page.url()).toContain('/sign-in');
});

test('a page needs a sign-in', async ({ page }) => {
  await page.goto(`${consoleUrl()}/operations`);
  await page.waitForURL(/\/sign-in/);
});
