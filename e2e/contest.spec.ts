import { type Browser, expect, type Page, test } from '@playwright/test';
import { openDialog, pressOn } from './keyboard';
import { expectAccessibleInBothThemes, openAs, send, track } from './product';

const newCustomer = () => `talker-${crypto.randomUUID().slice(0, 8)}`;

async function talk(customer: string, ...texts: string[]): Promise<void> {
  const contactId = `call-of-${customer}`;
  const began = Date.now() - 1_000 * (texts.length + 1);
  await send(
    track(customer, 'Call Started', { contactId }, new Date(began)),
    ...texts.map((text, index) =>
      track(
        customer,
        'Transcript Segment',
        {
          ...{ contactId, turnId: `t${index}`, participant: 'customer', text, isFinal: true },
          ...{ beginMs: index * 1_000, endMs: index * 1_000 + 900 },
        },
        new Date(began + 1_000 * (index + 1)),
      ),
    ),
  );
}

async function anotherPage(browser: Browser): Promise<Page> {
  return (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
}

test('a label is contested on the desk, seen by others at once, counted for ops, and withdrawn', async ({
  page,
  browser,
}) => {
  const customer = newCustomer();
  await talk(customer, 'Great, thanks for nothing', 'My order number is 12');
  await openAs(page, 'agent', `/desk?customer=${customer}`);
  const turn = page.getByRole('listitem').filter({ hasText: 'Great, thanks for nothing' });
  await expect(turn).toContainText('positive');
  const other = await anotherPage(browser);
  await openAs(other, 'admin', `/desk?customer=${customer}`);
  const theirs = other.getByRole('listitem').filter({ hasText: 'Great, thanks for nothing' });
  await expect(theirs).toBeVisible();

  await pressOn(turn.getByRole('button', { name: /^Contest the label/ }));
  const dialog = await openDialog(page, 'Contest this label');
  await expectAccessibleInBothThemes(page);
  await dialog.getByLabel('Reason (optional)').fill('Irony or sarcasm');
  await page.keyboard.press('Enter');
  await expect(turn).toContainText('contested by you: negative');
  await expect(turn).toContainText('positive ·');
  await expect(page.getByText('1 turn contested. The sentiment is the model’s')).toBeVisible();
  await expect(theirs).toContainText(/contested by .+: negative/);
  await expect(theirs).toContainText('Irony or sarcasm');
  await expect(theirs.getByRole('button', { name: 'Withdraw' })).toHaveCount(0);
  await expectAccessibleInBothThemes(page);

  await other.context().close();

  const figures = await anotherPage(browser);
  await openAs(figures, 'ops', '/streams/sentiment?period=7d');
  await expect(figures.getByRole('grid', { name: 'Contested turns' })).toContainText(
    'Great, thanks for nothing',
  );
  await expect(figures.getByRole('grid', { name: 'Model against agents' })).toContainText('positive');
  await expect(figures.getByText(/Word weights 1 on 202 sentences/)).toBeVisible();
  await expectAccessibleInBothThemes(figures);
  await figures.context().close();

  await pressOn(turn.getByRole('button', { name: 'Withdraw' }));
  await expect(turn).not.toContainText('contested by');
  await expect(turn.getByRole('button', { name: /^Contest the label/ })).toBeVisible();
});
test('an agent may not open the figures of the model', async ({ page }) => {
  await openAs(page, 'agent', '/streams/sentiment');
  await expect(page.getByText('Not part of your role')).toBeVisible();
});
