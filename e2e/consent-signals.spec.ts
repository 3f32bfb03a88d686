import { expect, test } from '@playwright/test';
import { expectAccessible, openAs, send, track } from './product';

test('what a browser signals stands on the agent’s card and on the officer’s page', async ({ page }) => {
  const customer = `signaller-${crypto.randomUUID().slice(0, 8)}`;
  await send(
    {
      ...track(customer, 'Product Added', { product_id: 'k', name: 'Kettle', price: 9 }),
      context: { gpc: true },
    },
    { ...track(customer, 'Product Viewed', { name: 'Kettle' }), context: { consent: { gpp: 'broken' } } },
  );

  await openAs(page, 'agent', `/desk?customer=${customer}`);
  await expect(page.getByText('may not be made offers (signal: Global Privacy Control)')).toBeVisible();

  await page.context().clearCookies();
  await openAs(page, 'privacy', `/privacy?customer=${customer}`);
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('Signals that deny')).toBeVisible();
  await expect(drawer.getByText('Global Privacy Control', { exact: true })).toBeVisible();
  await expect(drawer.getByRole('button', { name: 'Opt back in: Marketing' })).toBeVisible();
  await page.keyboard.press('Escape');

  const signals = page.locator('section', { has: page.getByRole('heading', { name: 'Signals understood' }) });
  const gpc = signals.getByRole('row', { name: /^Global Privacy Control/ });
  await expect(gpc).toContainText('Marketing: sale and sharing');
  await expect(gpc.getByRole('cell').nth(2)).not.toHaveText('0');
  await expect(
    signals
      .getByRole('row', { name: /^Other GPP strings/ })
      .getByRole('cell')
      .nth(5),
  ).not.toHaveText('0');
  await expectAccessible(page);
});
