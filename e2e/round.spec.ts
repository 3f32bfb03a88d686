import { expect, test } from '@playwright/test';
import { openDialog, press, pressOn } from './keyboard';
import { expectAccessible, openAs } from './product';

test('workshop: a round of scoring is private until it is shown to both browsers at once', async ({
  browser,
  page,
}) => {
  const heard: string[] = [];
  const other = await (await browser.newContext()).newPage();
  other.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => heard.push(payload.toString())),
  );
  await openAs(page, 'stakeholder', '/workshop');
  await openAs(other, 'agent', '/workshop');

  await pressOn(page.getByRole('button', { name: 'Scoring round' }));
  await openDialog(page);
  await pressOn(page.getByRole('button', { name: /^Start with/ }));
  const theirs = await openDialog(other, /Scoring round · card 1/);

  await theirs.getByRole('slider', { name: 'Value' }).focus();
  await press(other, 'ArrowRight', 'ArrowRight', 'ArrowRight');
  await theirs.getByLabel('Why').focus();
  await other.keyboard.type('customers ask for it');
  await pressOn(theirs.getByRole('button', { name: /^Give/ }));
  await expect(page.getByText('1 person has scored')).toBeVisible();
  await expectAccessible(page);
  expect(heard.filter((text) => text.includes('customers ask for it'))).toEqual([]);

  await pressOn(page.getByRole('button', { name: 'Show the scores now' }));
  for (const screen of [page, other]) {
    await expect(screen.getByRole('region', { name: 'Scores' })).toContainText('customers ask for it');
  }
  await expectAccessible(other);
  await pressOn(page.getByRole('button', { name: 'End the round' }));
  for (const screen of [page, other]) await expect(screen.getByRole('dialog')).toBeHidden();
  await other.context().close();
});
