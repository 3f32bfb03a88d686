import { expect, test } from '@playwright/test';
import { focusOn, press } from './keyboard';
import { expectAccessible, expectAccessibleInBothThemes, openAs, send, track, workerPids } from './product';

const events = (count: number) =>
  Array.from({ length: count }, (_, i) => track(`lagging-${i}`, 'Product Viewed', { position: i }));

function signalWorkers(name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const pid of workerPids()) process.kill(pid, name);
}

test('ops: what comes in shows with its rate, and all of it is drained', async ({ page }) => {
  await openAs(page, 'ops', '/streams/lag');
  await expect(page.getByRole('heading', { level: 1, name: 'Lag' })).toBeVisible();
  const processing = page.getByRole('region', { name: 'Processing' });
  await expect(processing.getByText('drained')).toBeVisible();
  await send(...events(60));
  await expect(processing).toContainText('1 worker');
  const grid = page.getByRole('grid', { name: 'Lag by partition' });
  await expect(grid.getByRole('row').nth(1)).toBeVisible();
  await expect(page.getByText('Nothing is behind')).toBeVisible();
});

test('ops: a worker that does not work is named, and its lag never reads as zero', async ({ page }) => {
  await openAs(page, 'ops', '/streams/lag');
  const processing = page.getByRole('region', { name: 'Processing' });
  await expect(processing.getByText('drained')).toBeVisible();
  const causes = page.getByRole('listitem').filter({ hasText: 'No worker' });
  signalWorkers('SIGSTOP');
  try {
    await send(...events(60));
    await expect(causes.first()).toBeVisible();
    await expect(causes.first()).toContainText('No worker of this group is alive.');
    await expect(causes.first()).toContainText(/live workers\s*0/);
    await expect(processing.getByText('drained')).toHaveCount(0);
    await expectAccessible(page);
    await page.screenshot({ path: 'test-results/streams-lag-no-worker.png', fullPage: true });
  } finally {
    signalWorkers('SIGCONT');
  }
  await expect(page.getByText('Nothing is behind')).toBeVisible({ timeout: 60_000 });
  await expect(processing.getByText('drained')).toBeVisible();
});

test('ops: the group is chosen and the table walked by keyboard', async ({ page }) => {
  await send(...events(60));
  await openAs(page, 'ops', '/streams/lag');
  const archive = page.getByRole('radio', { name: 'Archive' });
  await focusOn(archive);
  await press(page, 'Space');
  await expect(page).toHaveURL(/group=archive/);
  const grid = page.getByRole('grid', { name: 'Lag by partition' });
  // A step needs a row to go to.
  await expect(grid.getByRole('row').nth(2)).toBeVisible();
  await focusOn(grid);
  await press(page, 'ArrowDown', 'j');
  await expect(grid).toHaveAttribute('aria-activedescendant', /-1$/);
});

test('an agent may not open it', async ({ page }) => {
  await openAs(page, 'agent', '/streams/lag');
  await expect(page.getByText('Not part of your role')).toBeVisible();
});

test('has no serious accessibility finding', async ({ page }) => {
  await send(...events(20));
  await openAs(page, 'ops', '/streams/lag');
  await expect(page.getByRole('grid', { name: 'Lag by partition' })).toBeVisible();
  await expectAccessibleInBothThemes(page, 'streams-lag');
});
