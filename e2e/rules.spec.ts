import { expect, test } from '@playwright/test';
import { openDialog, pressOn } from './keyboard';
import { expectAccessibleInBothThemes, openAs } from './product';

test('a rule that is not complete is not saved in silence: each field says what it lacks', async ({
  page,
}) => {
  await openAs(page, 'ops', '/rules?rule=new');
  const zone = page.getByLabel('Time zone');
  await pressOn(page.getByRole('switch', { name: 'Only at certain hours' }), 'Space');
  await zone.fill('Europe/Nowhere');
  await expect(zone).toHaveAccessibleDescription('Unknown time zone');
  await pressOn(page.getByRole('button', { name: 'Save', exact: true }));
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription('At least 3 characters');
  await expect(page.getByLabel('Action', { exact: false }).first()).toHaveAccessibleDescription(
    'At least 3 characters',
  );
});

test('an audience is made, a rule is for it, and it cannot be removed while the rule is', async ({
  page,
}) => {
  const name = `Buyers ${crypto.randomUUID().slice(0, 8)}`;
  await openAs(page, 'ops', '/rules?tab=audiences');
  await pressOn(page.getByRole('button', { name: 'New audience' }));
  const drawer = await openDialog(page, 'New audience');
  await drawer.getByLabel('Name').fill(name);
  await drawer.getByLabel('Who they are').fill('Bought before');
  const condition = drawer.getByLabel('Condition');
  await condition.fill('event.name == "x"');
  await expect(condition).toHaveAccessibleDescription(/Unknown name event: use card or consent/);
  await condition.fill('card.orders >= 1');
  await expect(drawer.getByLabel('What this would do')).toContainText(/would be in it|nobody to count/);
  await expectAccessibleInBothThemes(page);
  await pressOn(drawer.getByRole('button', { name: 'Create' }));
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('none');

  await openAs(page, 'ops', '/rules?rule=new');
  await page.getByLabel('Name').fill(`For ${name}`);
  await pressOn(page.getByRole('combobox', { name: 'For', exact: true }), 'ArrowDown');
  await page.getByRole('option', { name }).click();
  await page.getByLabel('Action', { exact: false }).first().fill('Thank them');
  await page.getByLabel('Reason the agent reads').fill('They came back');
  await pressOn(page.getByRole('button', { name: 'Save', exact: true }));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`For ${name}`);
  await pressOn(page.getByRole('button', { name: 'All rules' }));
  await expect(page.getByRole('row').filter({ hasText: `For ${name}` })).toContainText(name);

  await pressOn(page.getByRole('tab', { name: 'Audiences' }));
  await expect(row).toContainText(`For ${name}`);
  await row.click();
  const opened = await openDialog(page, name);
  await opened.getByLabel('Condition').fill('card.orders >= 2');
  await expect(opened.getByLabel('What this would do')).toContainText(
    '1 rule is for it and gets a new version',
  );
  await pressOn(opened.getByRole('button', { name: 'Save' }));
  await expect(page.getByText('Saved as version 2; 1 rule follows')).toBeVisible();
  await row.click();
  await pressOn((await openDialog(page, name)).getByRole('button', { name: 'Remove' }));
  await pressOn(page.getByRole('button', { name: 'Remove it' }));
  await expect(page.getByText(`Rules are for this audience: "For ${name}"`).first()).toBeVisible();
});
