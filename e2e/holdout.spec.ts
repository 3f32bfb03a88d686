import { expect, type Page, test } from '@playwright/test';
import { openDialog, pressOn } from './keyboard';
import { expectAccessible, openAgain, openAs, send, track } from './product';

const HOUR_MS = 3_600_000;
const CUSTOMERS = 60;

async function choose(page: Page, label: string, option: RegExp): Promise<void> {
  await pressOn(page.getByRole('combobox', { name: label }), 'ArrowDown');
  await page.getByRole('option', { name: option }).click();
}

test('stakeholder: predicts, holds out, launches, and sees what became of both arms', async ({
  browser,
  page,
}) => {
  const name = crypto.randomUUID().slice(0, 6);
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => `${name}-${index}`);
  const title = `Help with vouchers ${name}`;
  await openAs(page, 'stakeholder', '/workshop');
  await pressOn(page.getByRole('button', { name: /use case/i }).first());
  const form = await openDialog(page);
  await form.getByLabel('Title').fill(title);
  await choose(page, 'Live metric it should move', /^Cart conversion/);
  await choose(page, 'Owner', /stakeholder/);
  await choose(page, 'DPIA it stands under', /^Help and offers/);
  await form.getByLabel('Held out, percent of customers').fill('50');
  await pressOn(form.getByRole('button', { name: 'Write it down' }));

  const card = page.getByRole('button', { name: title, exact: true });
  await pressOn(card);
  const drawer = page.getByRole('dialog');
  const launch = drawer.getByRole('region', { name: 'Going live' });
  await expect(launch.getByText('No change of the metric is predicted')).toBeVisible();
  await expect(launch.getByRole('button', { name: 'Go live' })).toBeDisabled();
  await pressOn(drawer.getByRole('tab', { name: 'Definition' }));
  await drawer.getByLabel('Predicted change, percent').fill('8');
  await pressOn(drawer.getByRole('button', { name: 'Save' }));
  await expect(launch.getByText('50 % of customers are held out')).toBeVisible();
  await pressOn(launch.getByRole('button', { name: 'Go live' }));
  await expect(drawer.getByRole('region', { name: 'Live' })).toBeVisible();

  const ops = await (await browser.newContext()).newPage();
  await openAs(ops, 'ops', '/rules?rule=new');
  await ops.getByLabel('Name').fill(`Voucher ${name}`);
  await choose(ops, 'Use case', new RegExp(`^${title}`));
  await ops.getByLabel('Action').fill('Offer a voucher');
  await ops.getByLabel('Reason the agent reads').fill('A payment failed.');
  await pressOn(ops.getByRole('button', { name: 'Save', exact: true }));
  await pressOn(ops.getByRole('switch', { name: 'On', exact: true }), 'Space');
  await expect(ops.getByText(/^running/)).toBeVisible();

  // Sent again until the workers have the rule: its cool-down lets it decide once about each.
  const at = Date.now() - 3 * HOUR_MS;
  const figures = drawer.getByRole('row', { name: /^Customers decided about/ }).getByRole('cell');
  await expect(async () => {
    await send(...customers.map((who) => track(who, 'Payment Failed', {}, new Date(at))));
    await send(...customers.map((who) => track(who, 'Order Completed', { total: 9 }, new Date(at + 60_000))));
    await openAgain(page);
    await expect(figures).toHaveCount(2);
    const counts = (await figures.allTextContents()).map(Number);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(CUSTOMERS);
    expect(Math.min(...counts)).toBeGreaterThan(CUSTOMERS / 6);
  }).toPass({ timeout: 60_000, intervals: [1_000] });
  await expect(drawer.getByRole('row', { name: /^Ordered/ }).getByText('100 %')).toHaveCount(2);
  await expect(drawer.getByText('not enough evidence yet').first()).toBeVisible();
  await expectAccessible(page);
  await ops.context().close();
});
