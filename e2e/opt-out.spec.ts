import { expect, test } from '@playwright/test';
import { consoleUrl, keys, openAs, send, track } from './product';
import { watchFor } from './shown';

/** From the acknowledgement of an opt-out to the words on the agent's screen, ms. */
const WITHIN_MS = 1_000;

async function optOut(customer: string): Promise<void> {
  const response = await fetch(`${consoleUrl()}/api/v1/opt-outs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys().apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ customer, reason: 'asked by mail' }),
  });
  expect(response.status, await response.clone().text()).toBe(200);
}

test('the card on the desk says "opted out" within a second, told by the socket alone', async ({ page }) => {
  const customer = `leaver-${crypto.randomUUID().slice(0, 8)}`;
  const device = `device-of-${customer}`;
  await send(
    { type: 'identify', userId: customer, anonymousId: device, messageId: crypto.randomUUID() },
    track(customer, 'Product Added', { product_id: 'kettle', name: 'Kettle', price: 39.9 }),
  );
  await openAs(page, 'agent', `/desk?customer=${customer}`);
  await expect(page.getByText('Kettle').first()).toBeVisible();
  const words = page.getByText('Opted out', { exact: true });
  await expect(words).toHaveCount(0);

  // Whatever could be asked for is refused from here on: only what is pushed can change the page.
  await page.route(/\/api\//, (route) => route.abort());
  const shown = await watchFor(page, 'Opted out');
  // A linked key is the same person: the card of the customer says so, too.
  await optOut(device);
  const acknowledgedAt = Date.now();
  await expect(words.first()).toBeVisible();
  const { at, heldUpMs } = await shown();
  test.info().annotations.push({ type: 'shown after, ms', description: String(at - acknowledgedAt) });
  expect(at - acknowledgedAt).toBeLessThan(WITHIN_MS + heldUpMs);
  await expect(page.getByText('Kettle')).toHaveCount(0);

  await send(track(customer, 'Product Viewed', { product_id: 'lamp', name: 'Forbidden Lamp' }));
  await send(
    { type: 'track', anonymousId: device, event: 'Forbidden Visit', messageId: crypto.randomUUID() },
    track(`${customer}-stays`, 'Product Viewed', { name: 'Lamp' }),
  );
  await page.unroute(/\/api\//);
  await expect
    .poll(
      async () => (await fetch(`${consoleUrl()}/api/v1/customers/${customer}-stays`, authorized())).status,
    )
    .toBe(200);
  await expect(page.getByText(/Forbidden/)).toHaveCount(0);
});

const authorized = () => ({ headers: { authorization: `Bearer ${keys().apiKey}` } });
