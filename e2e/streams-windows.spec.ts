import { expect, test } from '@playwright/test';
import { expectNoDialog, fillIn, focusOn, openDialog, pressOn } from './keyboard';
import { consoleUrl, expectAccessible, openAs } from './product';
import { published, RANGE, run } from './window-facts';

/** Windows by their definitions, and the definitions as text: made, read and copied by keyboard. */

// They age while this and other files go on: the journey of late facts, in the last file, waits for that.
test.beforeAll(async () => {
  await published();
});

test('a calendar is made, followed by windows, and kept while they follow it', async ({ page }) => {
  await openAs(page, 'ops', `/streams/windows?${RANGE}`);
  await pressOn(page.getByRole('button', { name: 'Calendars' }));
  await pressOn((await openDialog(page, 'Calendars')).getByRole('button', { name: 'New calendar' }));
  const dialog = page.getByRole('dialog');
  await fillIn(page, 'Name', `Shop ${run}`);
  await fillIn(page, 'Time zone', 'Europe/Berlin');
  await fillIn(page, 'Holidays', '2026-12-25 2026-02-30');
  await pressOn(dialog.getByRole('button', { name: 'Create calendar' }));
  await expect(dialog.getByText('No such date.')).toBeVisible();
  await fillIn(page, 'Holidays', '2026-12-25 2026-12-26');
  await expectAccessible(page);
  await pressOn(dialog.getByRole('button', { name: 'Create calendar' }));
  await expect(dialog.getByText('Europe/Berlin · 5 openings a week · 2 holidays')).toBeVisible();
  await page.keyboard.press('Escape');
  await expectNoDialog(page);

  await pressOn(page.getByRole('button', { name: 'New windows' }));
  const editor = await openDialog(page, 'New windows');
  await fillIn(page, 'Name', `Openings ${run}`);
  await focusOn(editor.getByRole('radio', { name: 'UTC' }));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(editor.getByRole('combobox', { name: 'Calendar' })).toHaveValue(/Europe\/Berlin/);
  await pressOn(editor.getByRole('button', { name: 'Create' }));
  await expectNoDialog(page);
  await expect(page.getByRole('grid', { name: 'Windowed aggregates' })).toContainText(`Hours of Shop ${run}`);

  await pressOn(page.getByRole('button', { name: 'Calendars' }));
  await pressOn((await openDialog(page, 'Calendars')).getByRole('button', { name: `Open Shop ${run}` }));
  await pressOn(page.getByRole('button', { name: 'Remove', exact: true }));
  await pressOn(page.getByRole('button', { name: 'Remove it' }));
  await expect(page.getByText(`Windows follow this calendar: Openings ${run}.`)).toBeVisible();
});

test('every definition has its Flink SQL, to copy and to keep', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: consoleUrl() });
  await openAs(page, 'ops', '/streams/definition');
  const list = page.getByRole('grid', { name: 'Pipelines' });
  await expect(list).toContainText('Abandoned carts');
  await expectAccessible(page);
  await focusOn(list);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const sql = page.getByRole('region', { name: 'Flink SQL of Abandoned carts' });
  await expect(sql).toContainText('GROUP BY SESSION(`at`');
  await expect(page).toHaveURL(/pipeline=carts/);
  await pressOn(page.getByRole('button', { name: 'Copy Flink SQL' }));
  await expect(page.getByText('Flink SQL of Abandoned carts is copied.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('CREATE TABLE `events`');
  const download = page.waitForEvent('download');
  await pressOn(page.getByRole('button', { name: 'Download Flink SQL' }));
  expect((await download).suggestedFilename()).toBe('abandoned-carts.sql');
  await expect(page.getByRole('region', { name: 'Definition of Abandoned carts' })).toContainText('"gapMs"');
});
