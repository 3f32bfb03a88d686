import { expect, test } from '@playwright/test';
import { pressOn } from './keyboard';
import { openAs } from './product';

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
