import { expect, type Page, test } from '@playwright/test';
import { expectNoDialog, fillIn, focusOn, openDialog, pressOn } from './keyboard';
import { expectAccessible, openAgain, openAs, send, track } from './product';
import { at, published, RANGE, run, untilAbandoned, untilOthersAreLate } from './window-facts';

async function makeWindows(page: Page, name: string): Promise<void> {
  await pressOn(page.getByRole('button', { name: 'New windows' }));
  const dialog = await openDialog(page, 'New windows');
  await fillIn(page, 'Name', name);
  await fillIn(page, 'Size, minutes', '60');
  await expect(dialog.getByLabel('What this would do')).toContainText('windows');
  await expectAccessible(page);
  await pressOn(dialog.getByRole('button', { name: 'Create' }));
  await expectNoDialog(page);
}

test('an abandonment rate by the hour: published, then put aside what is late', async ({ page }) => {
  await published();
  await openAs(page, 'ops', `/streams/windows?${RANGE}`);
  await makeWindows(page, `Hourly ${run}`);
  const windows = page.getByRole('grid', { name: 'Windows', exact: true });
  await expect(windows.getByRole('row').nth(1)).toContainText('final');
  await expect(windows.getByRole('row').nth(1)).toContainText('50 %');
  await expect(page.getByText('Nothing was late')).toBeVisible();

  await untilOthersAreLate();
  await send(track(`win-c-${run}`, 'Product Added', { product_id: 'p', price: 10 }, at(3)));
  await untilAbandoned(2);
  await openAgain(page);
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
