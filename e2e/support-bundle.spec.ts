import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { focusOn, pressOn } from './keyboard';
import { expectAccessible, keys, openAs } from './product';

test('admin: takes a support bundle away, and why is on record', async ({ page }) => {
  await openAs(page, 'admin', '/settings/workspace');
  const take = page.getByRole('button', { name: 'Download support bundle' });
  await pressOn(take);
  await expect(page.getByText('Say in a few words who asked for it, or why.')).toBeVisible();
  await expectAccessible(page);
  const reason = `case ${crypto.randomUUID()}`;
  await focusOn(page.getByLabel('Who asked for it, or why'));
  await page.keyboard.type(reason);
  const download = page.waitForEvent('download', { timeout: 60_000 });
  await pressOn(take);
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^millrace-support-\d+\.tar\.gz$/);
  const held = gunzipSync(await readFile(await file.path())).toString();
  for (const part of ['README.txt', 'lag.json', 'settings.json', 'logs/']) expect(held).toContain(`/${part}`);
  for (const secret of Object.values(keys())) expect(held).not.toContain(secret);
  await openAs(page, 'admin', '/privacy?tab=audit&action=supportBundle');
  await expect(page.getByRole('grid', { name: 'Audit' })).toContainText(reason);
});
