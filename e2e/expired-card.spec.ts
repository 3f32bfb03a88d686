import { type Browser, expect, type Page, test } from '@playwright/test';
import { pressOn } from './keyboard';
import { expectAccessible, openAs, rest, send, track, workerPids } from './product';
import { watchFor } from './shown';

/** How long a card stays good once nothing comes, and how much later at most it must say so. */
const TTL_MS = 6_000;
const AFTER_MS = 1_000;

function signal(name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const pid of workerPids()) process.kill(pid, name);
}

async function anotherPage(browser: Browser): Promise<Page> {
  return (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
}

async function expireAfter(page: Page, seconds: number): Promise<void> {
  await openAs(page, 'admin', '/settings/workspace');
  const field = page.getByLabel('Cards expire after, seconds');
  await field.fill(String(seconds));
  await pressOn(page.getByRole('button', { name: 'Save', exact: true }));
  await expect(page.getByText('Saved. New gaps hold from the next event on.')).toBeVisible();
}

interface Freshness {
  freshness: { expired: boolean; newestEventAt: string };
}

test('the stream stops: within the limit and a second reads say expired, the card greys, and ops see it counted', async ({
  page,
  browser,
}) => {
  const customer = `silent-${crypto.randomUUID().slice(0, 8)}`;
  const desk = await anotherPage(browser);
  const figures = await anotherPage(browser);
  await expireAfter(page, TTL_MS / 1_000);
  try {
    // What is known of a workspace's settings is asked for again after five seconds.
    await expect(async () => {
      await send(track(customer, 'Product Viewed', { product_id: 'kettle', name: 'Kettle' }));
      const known = await rest<{ freshness: { expiresAt: string; newestEventAt: string } }>(
        `customers/${customer}`,
      );
      const { expiresAt, newestEventAt } = known.freshness;
      expect(Date.parse(expiresAt) - Date.parse(newestEventAt)).toBe(TTL_MS);
    }).toPass({ timeout: 60_000 });
    await openAs(desk, 'agent', `/desk?customer=${customer}`);
    const shown = await watchFor(desk, 'Expired: nothing has come');
    await send(track(customer, 'Product Viewed', { product_id: 'lamp', name: 'Lamp' }));
    await expect(desk.getByText('Lamp').first()).toBeVisible();
    signal('SIGSTOP');
    const { newestEventAt } = (await rest<Freshness>(`customers/${customer}`)).freshness;
    const dueAt = Date.parse(newestEventAt) + TTL_MS;
    await send(track(customer, 'Product Viewed', { product_id: 'pan', name: 'Pan' }));
    await expect(desk.getByText('Expired: nothing has come')).toBeVisible();
    const { at, heldUpMs } = await shown();
    expect(at).toBeGreaterThan(dueAt);
    expect(at - dueAt).toBeLessThan(AFTER_MS + heldUpMs);
    expect((await rest<Freshness>(`customers/${customer}`)).freshness.expired).toBe(true);
    const greyed = desk.locator('[data-stale=true]').filter({ hasText: 'Expired' });
    await expect(greyed).toBeVisible();

    await openAs(figures, 'ops', '/streams/state');
    const pane = figures.locator('section').filter({ hasText: 'How does the online store answer?' }).last();
    await expect(pane).toContainText(/[\d.]+ms \(p50\)/);
    await expect(pane).toContainText(/Expired[\d.]+% of hits/);
    await expectAccessible(figures);
  } finally {
    signal('SIGCONT');
    await expireAfter(page, 30 * 86_400);
    await desk.context().close();
    await figures.context().close();
  }
});
