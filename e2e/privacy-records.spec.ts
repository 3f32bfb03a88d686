import { readFile } from 'node:fs/promises';
import { type Download, expect, type Page, test } from '@playwright/test';
import { expectNoDialog, openDialog, pressOn } from './keyboard';
import { expectAccessible, openAs, send, track } from './product';

const PIA_FILE = 'server/privacy/pia/golden/loyalty.pia.json';

const textOf = async (download: Download): Promise<string> => readFile(await download.path(), 'utf8');

async function downloaded(page: Page, press: () => Promise<void>): Promise<string> {
  const waiting = page.waitForEvent('download');
  await press();
  return textOf(await waiting);
}

test('a report of all that is held of a person, read as either law asks and taken along', async ({
  page,
}) => {
  const customer = `subject-${crypto.randomUUID().slice(0, 8)}`;
  const device = `device-of-${customer}`;
  await send(
    {
      type: 'identify',
      userId: customer,
      anonymousId: device,
      traits: { email: 'sam@example.com' },
      messageId: crypto.randomUUID(),
    },
    track(customer, 'Product Added', { product_id: 'kettle', name: 'Copper Kettle', price: 39.9 }),
    track(customer, 'Live Chat Conversation Started', { conversation_id: customer }),
  );
  await openAs(page, 'privacy', `/privacy?customer=${customer}`);
  const drawer = await openDialog(page);
  await pressOn(drawer.getByRole('button', { name: 'Record the request' }));
  await drawer.getByLabel('How the customer asked (optional)').fill('by telephone');
  await pressOn(drawer.getByRole('button', { name: 'Do not sell or share' }));
  await expect(drawer.getByText(/Not sold or shared after/)).toBeVisible();
  await pressOn(drawer.getByRole('link', { name: 'Report of all that is held' }));
  await page.waitForURL(/\/privacy\/report/);

  await page.getByLabel('Who asked for it, and how').fill('by letter of 1 March');
  const report = page.getByRole('article', { name: 'Report' });
  // The archive writes a moment after the stream.
  await expect(async () => {
    await pressOn(page.getByRole('button', { name: 'Make the report' }));
    await expect(report.getByText('Copper Kettle').first()).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
  await expect(report.getByText('sam@example.com').first()).toBeVisible();
  await expect(report.getByRole('region', { name: 'In the queue now' })).toContainText('in a chat');
  await expect(
    report.getByRole('region', { name: 'Who looked' }).getByText('by letter of 1 March').first(),
  ).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('radio', { name: 'CCPA' }).press(' ');
  await expect(report.getByText('Do Not Sell or Share is on record')).toBeVisible();
  await expect(report.getByRole('row', { name: /A Identifiers yes/ })).toBeVisible();
  const json = JSON.parse(await downloaded(page, () => pressOn(page.getByRole('button', { name: 'JSON' }))));
  expect(json.subject.keys.toSorted()).toEqual([device, customer].toSorted());
  expect(json.ccpa.doNotSell).toBe(true);

  await openAs(page, 'privacy', `/privacy?tab=looks&of=${customer}`);
  await expect(page.getByRole('gridcell', { name: 'subject report' }).first()).toBeVisible();
  const csv = await downloaded(page, () => pressOn(page.getByRole('button', { name: 'CSV', exact: true })));
  expect(csv).toContain(`${customer},subject report,`);
});

test('an assessment comes from the CNIL’s PIA software and goes back to it', async ({ page }) => {
  await openAs(page, 'privacy', '/privacy?tab=dpias');
  await page.getByLabel('Import a CNIL PIA').setInputFiles(PIA_FILE);
  const taken = await openDialog(page, 'Taken over from a PIA');
  await expect(taken.getByText('comments: 1')).toBeVisible();
  await page.keyboard.press('Escape');
  await expectNoDialog(page);
  await expect(page.getByLabel('Title')).toHaveValue('Fidélité en caisse');
  await expect(page.getByText('version 1', { exact: true })).toBeVisible();
  await expectAccessible(page);

  const save = page.getByRole('button', { name: 'Export for CNIL PIA' });
  const file = JSON.parse(await downloaded(page, () => pressOn(save)));
  expect(file.pia.name).toBe('Fidélité en caisse');
  file.pia.name = 'Fidélité partout';
  const upload = page.getByLabel('Import as a new version');
  await upload.setInputFiles({
    name: 'changed.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(file)),
  });
  await openDialog(page, 'Taken over from a PIA');
  await page.keyboard.press('Escape');
  await expectNoDialog(page);
  await expect(page.getByLabel('Title')).toHaveValue('Fidélité partout');
  await expect(page.getByText('version 2', { exact: true })).toBeVisible();

  await upload.setInputFiles({
    name: 'broken.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ pia: { name: 'x' } })),
  });
  const refused = await openDialog(page, 'Not taken over');
  await expect(refused.getByRole('listitem').filter({ hasText: 'pia.name' })).toBeVisible();
});
