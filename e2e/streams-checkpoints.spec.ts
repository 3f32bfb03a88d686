import { expect, test } from '@playwright/test';
import { focusOn, pressOn } from './keyboard';
import { expectAccessibleInBothThemes, openAgain, openAs, send, track } from './product';

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

test('checkpoints: partitions are taken, a restore is drilled, the interval is changed by keyboard', async ({
  page,
}) => {
  await someTraffic();
  await openAs(page, 'ops', '/streams/checkpoints');
  const partitions = page.getByRole('grid', { name: 'Snapshots by partition' });
  await expect(partitions.getByText(/current|no news since/).first()).toBeVisible({ timeout: 60_000 });
  // The oldest success is known once every partition has a snapshot.
  await expect(page.getByText(/^interval /).first()).toBeVisible({ timeout: 60_000 });

  const drills = page.getByRole('grid', { name: 'Restore drills' });
  await expect(drills).toBeVisible();
  const before = await drills.getByText('equal').count();
  await pressOn(page.getByRole('button', { name: 'Drill the restore' }));
  await expect.poll(() => drills.getByText('equal').count(), { timeout: 60_000 }).toBeGreaterThan(before);
  await expect(drills.getByText('different')).toHaveCount(0);

  // From the drill and the snapshots the curve follows.
  await expect(page.getByText('Recovery of the whole Redis, s')).toBeVisible();
  const select = page.getByLabel('A snapshot of each partition every');
  await focusOn(select);
  await select.selectOption({ label: '30 s' });
  await expect(page.getByRole('region', { name: 'What this would do' })).toContainText(
    /of one core.*back in/,
  );
  await expectAccessibleInBothThemes(page);
  await pressOn(page.getByRole('button', { name: 'Save interval' }));
  await expect(page.getByText('interval 30 s').first()).toBeVisible();
  await openAgain(page);
  await expect(page.getByLabel('A snapshot of each partition every')).toHaveValue('30000');
});
