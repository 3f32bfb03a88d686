import { expect, test } from '@playwright/test';
import { focusOn, pressOn } from './keyboard';
import { expectAccessible, openAs } from './product';

test('admin: imports known customers, sees the bad row named, finds one, and the same file again changes nothing', async ({
  page,
}) => {
  const mark = crypto.randomUUID().slice(0, 8);
  const rows = [
    'Customer ID;E-Mail;Plan',
    `known-a-${mark};a@shop.test;gold`,
    ';b@shop.test;gold',
    `known-c-${mark};c@shop.test;silver`,
  ];
  const file = { name: 'known.csv', mimeType: 'text/csv', buffer: Buffer.from(`${rows.join('\r\n')}\r\n`) };
  const choose = async () => {
    const input = page.getByLabel('CSV file of customers');
    await focusOn(input);
    await input.setInputFiles(file);
    await expect(page.getByLabel('Customer ID is taken for')).toHaveValue('userId');
    await expect(page.getByLabel('Trait of E-Mail')).toHaveValue('eMail');
    await expect(page.getByText('a@shop.test · b@shop.test · c@shop.test')).toBeVisible();
  };
  const counted = (title: string) =>
    page
      .locator('dl > div')
      .filter({ has: page.getByText(title, { exact: true }) })
      .getByRole('definition');

  await openAs(page, 'admin', '/settings/sources');
  await pressOn(page.getByRole('link', { name: 'Import customers' }));
  await choose();
  await expectAccessible(page);
  await pressOn(page.getByRole('button', { name: 'Import', exact: true }));
  await expect(page.getByRole('heading', { level: 2, name: 'Imported' })).toBeVisible();
  await expect(counted('taken')).toContainText('2');
  const refused = page.getByRole('grid', { name: 'Refused rows' }).getByRole('row').nth(1);
  await expect(refused).toContainText('3');
  await expect(refused).toContainText('Customer ID');
  await expect(refused).toContainText('Is empty.');
  await expectAccessible(page);

  await pressOn(page.getByRole('button', { name: 'Another file' }));
  await choose();
  await pressOn(page.getByRole('button', { name: 'Import', exact: true }));
  await expect(page.getByRole('heading', { level: 2, name: 'Imported' })).toBeVisible();
  await expect(counted('taken')).toContainText('0');
  await expect(counted('repeated')).toContainText('2');

  await openAs(page, 'admin', `/desk?customer=known-c-${mark}`);
  await expect(page.getByText('silver')).toBeVisible();
  await expect(page.getByText('c@shop.test')).toHaveCount(0);
});

test('admin: a list of the settings is saved as CSV, and who saved people is on record', async ({ page }) => {
  await openAs(page, 'admin', '/settings/people');
  const download = page.waitForEvent('download');
  await pressOn(page.getByRole('button', { name: 'CSV' }).first());
  expect((await download).suggestedFilename()).toBe('people.csv');
  await openAs(page, 'admin', '/privacy?tab=audit&action=list.exported');
  await expect(page.getByRole('grid', { name: 'Audit' })).toContainText('people');
});
