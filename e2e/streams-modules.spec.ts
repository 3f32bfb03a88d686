import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { expectNoDialog, focusOn, openDialog, press } from './keyboard';
import { expectAccessible, expectAccessibleInBothThemes, openAs, productData, send, track } from './product';

const run = promisify(execFile);

test('ops: every module runs one build, and a row tells by keyboard what hangs on it', async ({ page }) => {
  await openAs(page, 'ops', '/streams/modules');
  const modules = page.getByRole('grid', { name: 'Modules' });
  for (const name of ['Collector', 'Processing', 'Archive', 'Metrics', 'Jobs', 'Console'])
    await expect(modules.getByRole('row').filter({ hasText: name })).toContainText('runs');
  await expect(modules.getByText(/^\d+\.\d+\.\d+\+[0-9a-f]{12}$/)).toHaveCount(6);
  await expect(modules.getByRole('row').filter({ hasText: 'Processing' })).toContainText(/\d s/);

  await focusOn(modules);
  await press(page, 'ArrowDown', 'j', 'j', 'Enter');
  const drawer = await openDialog(page, 'Archive');
  await expect(drawer).toContainText('No other operator gets anything from it.');
  await expect(drawer.getByText('Streams: late events')).toBeVisible();
  await expect(page).toHaveURL(/module=archive/);
  await expectAccessible(page);
  await press(page, 'Escape');
  await expectNoDialog(page);
});

test('ops: the report on a build before a cut-over is shown', async ({ page }) => {
  const some = (from: number) =>
    Array.from({ length: 80 }, (_, i) => track(`compared-${(from + i) % 40}`, 'Product Viewed'));
  await send(...some(0));
  await openAs(page, 'ops', '/streams/checkpoints');
  const snapshots = page.getByRole('grid', { name: 'Snapshots by partition' });
  await expect(snapshots.getByText(/current|no news since/).first()).toBeVisible({ timeout: 60_000 });
  await send(...some(0));
  const { stdout } = await run(
    process.execPath,
    ['--import', 'tsx', 'scripts/equivalence.ts', '--partitions', '64'],
    {
      env: { ...process.env, MILLRACE_DATA: productData() },
    },
  );
  expect(stdout).toContain('equivalent');

  await openAs(page, 'ops', '/streams/modules');
  const reports = page.getByRole('grid', { name: 'Equivalence reports' });
  await expect(reports.getByRole('row').nth(1)).toContainText('equivalent');
  await focusOn(reports);
  await press(page, 'ArrowDown', 'Enter');
  const drawer = await openDialog(page, 'Would the next build do the same?');
  await expect(drawer).toContainText(/\d+, all the same; \d+ of them replayed/);
  await expect(drawer).toContainText(/\d+, the same as published/);
  await expectAccessible(page);
});

test('an agent may not open it', async ({ page }) => {
  await openAs(page, 'agent', '/streams/modules');
  await expect(page.getByText('Not part of your role')).toBeVisible();
});

test('has no serious accessibility finding', async ({ page }) => {
  await openAs(page, 'ops', '/streams/modules');
  await expect(page.getByRole('grid', { name: 'Modules' })).toBeVisible();
  await expectAccessibleInBothThemes(page, 'streams-modules');
});
