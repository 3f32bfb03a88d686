import { expect, type Locator, type Page } from '@playwright/test';

/**
 * Keys as a person presses them: once the page reacts. Markup comes before its script; what is pressed in between is
 * lost, and a person would press again.
 */

export async function press(page: Page, ...presses: string[]): Promise<void> {
  for (const key of presses) await page.keyboard.press(key);
}

/** Waits until React has taken over all of the page that can be focused: each of its elements then carries its props. */
export async function untilReacts(page: Page): Promise<void> {
  await expect(async () => {
    const waiting = await page.evaluate(() =>
      [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex]')]
        .filter((element) => !Object.keys(element).some((name) => name.startsWith('__reactProps')))
        .map(({ outerHTML }) => outerHTML.slice(0, 120)),
    );
    expect(waiting).toEqual([]);
  }).toPass({ timeout: 30_000, intervals: [20, 50, 100] });
}

/** Waits until React has taken over the element, and gives it the focus. */
export async function focusOn(target: Locator): Promise<void> {
  await expect
    .poll(() =>
      target.evaluate((element) => Object.keys(element).some((name) => name.startsWith('__reactProps'))),
    )
    .toBe(true);
  await target.focus();
}

/** Presses a key on an element, once it takes any: what is pressed on a button that is still busy is lost. */
export async function pressOn(target: Locator, key = 'Enter'): Promise<void> {
  await focusOn(target);
  await expect(target).toBeEnabled();
  await target.press(key);
}

/** Fills a field that is found by its label, once it keeps what is written. */
export async function fillIn(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await focusOn(field);
  await field.fill(text);
}

/** Presses a shortcut, again while nothing comes of it: for those that do no more when pressed twice. */
export async function pressUntil(page: Page, key: string, shown: Locator): Promise<void> {
  await expect(async () => {
    await page.keyboard.press(key);
    await expect(shown).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
}

/** A dialog once it has taken the focus: from then on it leaves the focus where it is put. */
export async function openDialog(page: Page, name?: string | RegExp): Promise<Locator> {
  const dialog = page.getByRole('dialog', name === undefined ? {} : { name });
  await expect(dialog.locator(':focus')).toHaveCount(1);
  return dialog;
}

/** Closed dialogs hand the focus back: what is pressed before would go astray. */
export async function expectNoDialog(page: Page): Promise<void> {
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

/** Moves the selection of a list with J and K to a row, one step at a time, each seen before the next. */
export async function moveTo(page: Page, row: Locator): Promise<void> {
  const selected = page.getByRole('option', { selected: true });
  const placeOf = async (option: Locator) => Number(await option.getAttribute('aria-posinset'));
  await expect(async () => {
    if ((await row.getAttribute('aria-selected')) === 'true') return;
    const from = (await selected.count()) === 0 ? null : await selected.getAttribute('data-customer');
    const isBelow = from === null || (await placeOf(selected)) < (await placeOf(row));
    await page.keyboard.press(isBelow ? 'j' : 'k');
    if (from !== null) await expect(selected).not.toHaveAttribute('data-customer', from, { timeout: 1_000 });
    await expect(row).toHaveAttribute('aria-selected', 'true', { timeout: 200 });
  }).toPass({ timeout: 30_000, intervals: [50] });
}
