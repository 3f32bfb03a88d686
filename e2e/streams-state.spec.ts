import { expect, test } from '@playwright/test';
import { expectNoDialog, openDialog, pressOn } from './keyboard';
import { expectAccessibleInBothThemes, openAs, send, track } from './product';

const DAY_MS = 86_400_000;

test('state: one customer is explained by its events, and what leaves by age is tried before it is saved', async ({
  page,
}) => {
  const customer = `explained-${Date.now()}`;
  const silent = `silent-${Date.now()}`;
  await send(
    track(customer, 'Product Added', { product_id: 'p1', price: 12.5, quantity: 2 }),
    track(customer, 'Checkout Started', { value: 25 }),
    track(silent, 'Page Viewed', {}, new Date(Date.now() - 400 * DAY_MS)),
  );

  await openAs(page, 'ops', '/streams/state');
  await expect(
    page.getByRole('grid', { name: 'Inventory of the state' }).getByText('Customers'),
  ).toBeVisible();
  await expect(page.getByText('Found within')).toBeVisible();

  await page.getByLabel('Customer key').focus();
  await page.keyboard.type(customer);
  await page.keyboard.press('Enter');
  const state = page.getByRole('region', { name: `State of ${customer}` });
  await expect(async () => {
    await pressOn(page.getByRole('button', { name: 'Explain', exact: true }));
    await expect(state.getByText('equal', { exact: true })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await expect(state.getByRole('row', { name: /cart events/ })).toBeVisible();
  await expect(state.getByRole('grid', { name: 'Events behind the state' })).toContainText(
    'Checkout Started',
  );
  await expect(state.getByText('2 events behind it')).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`customer=${customer}`));

  const days = page.getByLabel('Inactive customers, days');
  await days.focus();
  await days.fill('300');
  // The live state is tried as it is at that moment: again until who was sent is in it.
  await expect(async () => {
    await pressOn(page.getByRole('button', { name: 'Dry run again' }));
    await expect(page.getByRole('region', { name: 'What this would do' })).toContainText(
      /Removes [1-9][\d,]* customers? ?.*touches \d+ active visit/,
      { timeout: 3_000 },
    );
  }).toPass({ timeout: 60_000 });
  await expectAccessibleInBothThemes(page);
  await pressOn(page.getByRole('button', { name: 'Save policy' }));
  const dialog = await openDialog(page, 'Let state leave by age?');
  await expect(dialog).toContainText('Removes');
  await expectAccessibleInBothThemes(page);
  await pressOn(dialog.getByRole('button', { name: 'Save', exact: true }));
  await expect(page.getByText('after 300 days')).toBeVisible();
  await expectNoDialog(page);

  // Back to for ever: other journeys live in the past.
  await page.getByLabel('Inactive customers, days').fill('');
  await pressOn(page.getByRole('button', { name: 'Save policy' }));
  await pressOn((await openDialog(page)).getByRole('button', { name: 'Save', exact: true }));
  await expect(page.getByText('Removes nothing: state stays for ever.')).toBeVisible();
});
test('state: an agent may not open it', async ({ page }) => {
  await openAs(page, 'agent', '/streams/state');
  await expect(page.getByText('Not part of your role')).toBeVisible();
});
