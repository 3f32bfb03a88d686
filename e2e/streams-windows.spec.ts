import { expect, type Page, test } from '@playwright/test';
import { expectNoDialog, focusOn, openDialog, pressOn } from './keyboard';
import { consoleUrl, expectAccessible, openAs, rest, send, track } from './product';

/** Windows by their definitions, and the definitions as text: made, read and copied by keyboard. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** An hour of its own: final for long, and not yet forgotten, which it is a day after. */
const BASE = Math.floor((Date.now() - 20 * HOUR_MS) / HOUR_MS) * HOUR_MS;
const RANGE = `from=${new Date(BASE).toISOString()}&to=${new Date(BASE + HOUR_MS).toISOString()}`;
const at = (minute: number) => new Date(BASE + minute * MINUTE_MS);
const run = crypto.randomUUID().slice(0, 8);
/** A step of log time in a range of an hour: what comes within a few of them may not be late to it. */
const LOG_STEP_MS = 10_000;
const logStep = () => Math.floor(Date.now() / LOG_STEP_MS);

async function untilAbandoned(carts: number): Promise<void> {
  const totals = `totals?from=${at(0).toISOString()}&to=${at(120).toISOString()}`;
  await expect
    .poll(async () => (await rest<{ cartsAbandoned: number }>(totals)).cartsAbandoned, { timeout: 60_000 })
    .toBe(carts);
}

/** Types into a field that is found by its label. */
async function type(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await focusOn(field);
  await field.fill(text);
}

async function makeWindows(page: Page, name: string): Promise<void> {
  await pressOn(page.getByRole('button', { name: 'New windows' }));
  const dialog = await openDialog(page, 'New windows');
  await type(page, 'Name', name);
  await type(page, 'Size, minutes', '60');
  await expect(dialog.getByLabel('What this would do')).toContainText('windows');
  await expectAccessible(page);
  await pressOn(dialog.getByRole('button', { name: 'Create' }));
  await expectNoDialog(page);
}

/** In the log before the first journey of this file: steps of log time go by during the others. */
let published = 0;
test.beforeAll(async () => {
  await send(
    track(`win-a-${run}`, 'Product Added', { product_id: 'p', price: 10 }, at(1)),
    track(`win-a-${run}`, 'Order Completed', { total: 10 }, at(5)),
    track(`win-b-${run}`, 'Product Added', { product_id: 'p', price: 10 }, at(2)),
  );
  await untilAbandoned(1);
  published = logStep();
});

test('a calendar is made, followed by windows, and kept while they follow it', async ({ page }) => {
  await openAs(page, 'ops', `/streams/windows?${RANGE}`);
  await pressOn(page.getByRole('button', { name: 'Calendars' }));
  await pressOn((await openDialog(page, 'Calendars')).getByRole('button', { name: 'New calendar' }));
  const dialog = page.getByRole('dialog');
  await type(page, 'Name', `Shop ${run}`);
  await type(page, 'Time zone', 'Europe/Berlin');
  await type(page, 'Holidays', '2026-12-25 2026-02-30');
  await pressOn(dialog.getByRole('button', { name: 'Create calendar' }));
  await expect(dialog.getByText('No such date.')).toBeVisible();
  await type(page, 'Holidays', '2026-12-25 2026-12-26');
  await expectAccessible(page);
  await pressOn(dialog.getByRole('button', { name: 'Create calendar' }));
  await expect(dialog.getByText('Europe/Berlin · 5 openings a week · 2 holidays')).toBeVisible();
  await page.keyboard.press('Escape');
  await expectNoDialog(page);

  await pressOn(page.getByRole('button', { name: 'New windows' }));
  const editor = await openDialog(page, 'New windows');
  await type(page, 'Name', `Openings ${run}`);
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

test('an abandonment rate by the hour: published, then put aside what is late', async ({ page }) => {
  test.setTimeout(180_000);
  await openAs(page, 'ops', `/streams/windows?${RANGE}`);
  await makeWindows(page, `Hourly ${run}`);
  const windows = page.getByRole('grid', { name: 'Windows', exact: true });
  await expect(windows.getByRole('row').nth(1)).toContainText('final');
  await expect(windows.getByRole('row').nth(1)).toContainText('50 %');
  await expect(page.getByText('Nothing was late')).toBeVisible();

  await expect.poll(logStep, { timeout: 60_000 }).toBeGreaterThan(published + 3);
  await send(track(`win-c-${run}`, 'Product Added', { product_id: 'p', price: 10 }, at(3)));
  await untilAbandoned(2);
  await page.reload();
  const late = page.getByRole('grid', { name: 'Late facts' });
  await expect(late.getByRole('row').nth(1)).toContainText('put aside');
  await expect(late.getByRole('row').nth(1)).toContainText('66.7 %');
  await expect(windows.getByRole('row').nth(1)).toContainText('50 %');
  await expectAccessible(page);

  // Corrected instead, by another policy of the same definition.
  await pressOn(page.getByRole('button', { name: `Open Hourly ${run}` }));
  const dialog = await openDialog(page, `Hourly ${run}`);
  await focusOn(dialog.getByRole('radio', { name: 'Side output' }));
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('radio', { name: 'Correct' })).toBeChecked();
  await pressOn(dialog.getByRole('button', { name: 'Save' }));
  await expectNoDialog(page);
  await expect(windows.getByRole('row').nth(1)).toContainText('66.7 %');
  await expect(late.getByRole('row').nth(1)).toContainText('corrected');

  await pressOn(page.getByRole('button', { name: `Open Hourly ${run}` }));
  await pressOn((await openDialog(page, `Hourly ${run}`)).getByRole('button', { name: 'Remove' }));
  await pressOn(page.getByRole('button', { name: 'Remove it' }));
  await expect(page.getByRole('button', { name: `Open Hourly ${run}` })).toHaveCount(0);
});
