import { expect, test } from '@playwright/test';
import { pressOn } from './keyboard';
import { expectAccessible, openAs, send, track } from './product';

/** Past every step of the defaults, the last of which is at one and a half of the time a chat may wait. */
const WAITED_MS = 10 * 60_000;

test('a chat that nobody takes goes to the top of the queue, stands on Operations, and ends when it is taken', async ({
  page,
  browser,
}) => {
  // Two people sign in.
  test.slow();
  const customer = `patient-${crypto.randomUUID().slice(0, 8)}`;
  await openAs(page, 'agent', '/desk');
  await send(
    track(
      customer,
      'Live Chat Conversation Started',
      { conversation_id: customer },
      new Date(Date.now() - WAITED_MS),
    ),
  );
  const line = page.locator(`[role=option][data-customer="${customer}"]`);
  await expect(line).toContainText('escalated, with ops', { timeout: 30_000 });
  await expectAccessible(page);

  const ops = await (await browser.newContext()).newPage();
  await openAs(ops, 'ops', '/operations');
  const standing = ops.getByRole('list', { name: 'Escalated waits' }).getByRole('listitem');
  await expect(standing.filter({ hasText: 'raised to the supervisors' }).first()).toContainText(
    'nobody has taken',
  );
  await standing
    .getByRole('link', { name: /chats? nobody has taken/ })
    .first()
    .click();
  const register = ops.getByRole('grid', { name: 'Escalations' });
  const rows = register.getByRole('row').filter({ hasText: customer });
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('stands');
  await expectAccessible(ops);

  await page.goto(`${page.url().split('?')[0]}?customer=${customer}`);
  await expect(line).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(line).toContainText('yours');
  await expect(line).not.toContainText('escalated');

  await pressOn(ops.getByRole('button', { name: 'Look again' }));
  await expect(rows).toHaveCount(0);
  await ops.getByRole('radio', { name: 'All' }).click({ force: true });
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('taken');
  const download = ops.waitForEvent('download');
  await pressOn(ops.getByRole('button', { name: 'CSV' }));
  expect((await download).suggestedFilename()).toBe('escalations.csv');
  await ops.context().close();
});

test('an administrator sets the steps, and is told which one does not ascend', async ({ page }) => {
  test.slow();
  await openAs(page, 'admin', '/settings/workspace');
  const first = page.getByLabel('Call, step 1: per cent of the time allowed');
  const second = page.getByLabel('Call, step 2: per cent of the time allowed');
  await expect(first).toHaveValue('80 %');
  await second.fill('70');
  const save = page.getByRole('button', { name: 'Save escalations' });
  await pressOn(save);
  await expect(page.getByText('More than the step before it')).toBeVisible();
  await second.fill('120');
  await pressOn(page.getByRole('button', { name: 'Add a step for calls' }));
  await expect(page.getByLabel('Call, step 3: per cent of the time allowed')).toHaveValue('170 %');
  await expectAccessible(page);
  await pressOn(save);
  await expect(page.getByText('Saved. It holds for those who wait now, too.')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Call, step 3: per cent of the time allowed')).toHaveValue('170 %');
  await pressOn(page.getByRole('button', { name: 'Call: remove step 3' }));
  await second.fill('100');
  await pressOn(save);
  await expect(page.getByText('Saved. It holds for those who wait now, too.')).toBeVisible();
});
