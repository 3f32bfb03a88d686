import { expect, type Page, test } from '@playwright/test';
import { expectNoDialog, focusOn, openDialog, press, pressOn } from './keyboard';
import { expectAccessible, expectAccessibleInBothThemes, openAs, send, track } from './product';

const option = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name }).first();

/** Chooses among radio buttons as a keyboard does: with the arrows. */
async function choose(page: Page, group: string, word: string): Promise<void> {
  const radios = page.getByRole('radiogroup', { name: group }).getByRole('radio');
  const placeOfChosen = () =>
    radios.evaluateAll((all) => all.findIndex((radio) => (radio as HTMLInputElement).checked));
  await focusOn(radios.and(page.getByRole('radio', { checked: true })));
  const wanted = radios.and(page.getByRole('radio', { name: word }));
  // Each step is seen before the next: one too many would go round.
  for (let step = 0; step < 3 && !(await wanted.isChecked()); step += 1) {
    const before = await placeOfChosen();
    await press(page, 'ArrowRight');
    await expect.poll(placeOfChosen).not.toBe(before);
  }
  await expect(wanted).toBeChecked();
}

async function typeInto(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: label });
  await focusOn(field);
  await press(page, 'Control+a');
  await page.keyboard.type(text);
}

/** More than the record allows, until the page says so. */
async function floodUntil(page: Page, words: RegExp): Promise<void> {
  await expect(async () => {
    await send(...Array.from({ length: 100 }, (_, index) => track(`flood-${index}`, 'Product Viewed')));
    await expect(page.getByText(words)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 90_000, intervals: [0] });
}

test('ops: answers leave options, one is signed, and the record is flagged when reality exceeds it', async ({
  page,
}) => {
  await openAs(page, 'ops', '/streams/choices');
  await expect(page.getByRole('heading', { level: 1, name: 'Choices' })).toBeVisible();
  await expect(option(page, 'Amazon Kinesis')).toContainText('falls out');
  await choose(page, 'Where must the data stay?', 'Anywhere');
  await expect(page).toHaveURL(/residency=anywhere/);
  await expect(option(page, 'Amazon Kinesis')).toContainText('remains');
  await typeInto(page, 'Peak throughput, events/s', '250000');
  await expect(option(page, 'Redis Streams')).toContainText('One machine takes about 100,000 events/s');
  await typeInto(page, 'Peak throughput, events/s', '5');
  await expect(option(page, 'Redis Streams')).toContainText('remains');

  await pressOn(page.getByRole('button', { name: 'Choose Redis Streams' }));
  const drawer = await openDialog(page, 'Decide for Redis Streams');
  await expect(drawer.getByRole('textbox', { name: /Peak throughput at most/ })).toHaveValue('5');
  await pressOn(drawer.getByRole('button', { name: /^Sign as/ }));
  await expect(drawer.getByRole('alert')).toContainText('Say in a sentence why.');
  await focusOn(drawer.getByRole('textbox', { name: 'Why this one?' }));
  await page.keyboard.type('One machine carries what this journey sends, and no more.');
  await pressOn(drawer.getByRole('button', { name: /^Sign as/ }));
  await expectNoDialog(page);
  const record = page.getByRole('button', { name: 'Event log Redis Streams' }).first();
  await expect(record).toBeVisible();

  await floodUntil(page, /flagged: an assumption is exceeded/);
  await expect(page.getByText(/exceeded .* at worst/)).toBeVisible();
  await pressOn(record);
  const whole = await openDialog(page, 'Decided for Redis Streams');
  await expect(whole.getByText('One machine carries what this journey sends')).toBeVisible();
  await expect(whole.getByText('What is stored is what was signed.')).toBeVisible();
  await expect(whole.getByText(/Peak throughput: .* of 5 events\/s at worst/)).toBeVisible();
  await expectAccessible(page);

  await openAs(page, 'ops', '/operations');
  await expect(page.getByText('Choice flagged').first()).toBeVisible();
});

test('ops: a comparison of engines is shared by its address', async ({ page }) => {
  await openAs(page, 'ops', '/streams/choices?subject=engine&stateGb=500&people=team');
  await expect(option(page, 'Built-in engine')).toContainText('falls out');
  await expect(option(page, 'Apache Flink')).toContainText('remains');
  const known = option(page, 'Apache Flink').getByText('What is known of it');
  await focusOn(known);
  await press(page, 'Enter');
  await expect(option(page, 'Apache Flink').getByRole('link').first()).toHaveAttribute('href', /^https:/);
});

test('choices have no serious accessibility finding', async ({ page }) => {
  for (const subject of ['log', 'engine']) {
    await openAs(page, 'ops', `/streams/choices?subject=${subject}`);
    await expect(page.getByRole('heading', { level: 2, name: 'What remains?' })).toBeVisible();
    await expect(page.getByText('What was decided, and does it still hold?')).toBeVisible();
    await expectAccessibleInBothThemes(page);
  }
});
