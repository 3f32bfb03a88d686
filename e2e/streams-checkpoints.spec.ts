import { expect, test } from '@playwright/test';
import { focusOn, press, pressOn } from './keyboard';
import { expectAccessible, openAs, send, track } from './product';

/** Enough customers that every partition is likely to have state. */
async function someTraffic(): Promise<void> {
  const calls = Array.from({ length: 120 }, (_, index) =>
    track(`checkpoint-${index}`, index % 3 === 0 ? 'Product Added' : 'Page Viewed', {
      product_id: 'p',
      price: 5,
    }),
  );
  await send(...calls);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('checkpoints: partitions are taken, a restore is drilled, the interval is changed by keyboard', async ({
      page,
    }) => {
      await someTraffic();
      await openAs(page, 'ops', '/streams/checkpoints');
      const partitions = page.getByRole('grid', { name: 'Snapshots by partition' });
      await expect(partitions.getByText(/current|no news since/).first()).toBeVisible({ timeout: 45_000 });
      // The oldest success is known once every partition has a snapshot.
      await expect(page.getByText(/^interval /).first()).toBeVisible({ timeout: 45_000 });

      const before = await page.getByRole('grid', { name: 'Restore drills' }).getByText('equal').count();
      await pressOn(page.getByRole('button', { name: 'Drill the restore' }));
      const drills = page.getByRole('grid', { name: 'Restore drills' });
      await expect.poll(() => drills.getByText('equal').count(), { timeout: 45_000 }).toBeGreaterThan(before);
      await expect(drills.getByText('different')).toHaveCount(0);

      // From the drill and the snapshots the curve follows.
      await expect(page.getByText('Recovery of the whole Redis, s')).toBeVisible();
      const chosen = colorScheme === 'light' ? '30 s' : '1 m';
      const select = page.getByLabel('A snapshot of each partition every');
      await focusOn(select);
      await select.selectOption({ label: chosen });
      await expect(page.getByRole('region', { name: 'What this would do' })).toContainText(
        /of one core.*back in/,
      );
      await expectAccessible(page);
      const save = page.getByRole('button', { name: 'Save interval' });
      if (await save.isEnabled()) {
        await save.focus();
        await press(page, 'Enter');
        await expect(page.getByText(`interval ${chosen}`).first()).toBeVisible();
      }
      await page.reload();
      await expect(page.getByLabel('A snapshot of each partition every')).toHaveValue(
        colorScheme === 'light' ? '30000' : '60000',
      );
    });
  });
}
