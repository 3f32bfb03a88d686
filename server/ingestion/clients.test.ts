import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { Analytics } from '@segment/analytics-node';
import { CloudEvent, emitterFor, httpTransport, Mode } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserExecutable } from '@/e2e/browser';
import { until } from '@/server/platform/until';
import { type CollectorFixture, collectorFixture, WRITE_KEY } from './testing/collector-fixture';

/** Clients as their makers ship them, told only the address and the key. */
let collector: CollectorFixture;
beforeAll(async () => {
  collector = await collectorFixture();
});
afterAll(() => collector.close());

const of = async (customer: string) => (await collector.events()).filter(({ c }) => c === customer);

describe('unmodified clients', () => {
  it('@segment/analytics-node', async () => {
    const analytics = new Analytics({ writeKey: WRITE_KEY, host: collector.url, maxEventsInBatch: 3 });
    const failures: unknown[] = [];
    analytics.on('error', (error) => failures.push(error));
    analytics.identify({ userId: 'node-1', anonymousId: 'node-anonymous', traits: { plan: 'plus' } });
    analytics.track({
      userId: 'node-1',
      event: 'Product Added',
      properties: { product_id: 'p', price: 1.5 },
    });
    analytics.page({ userId: 'node-1', name: 'Home' });
    analytics.alias({ userId: 'node-1', previousId: 'node-old' });
    analytics.group({ userId: 'node-1', groupId: 'company' });
    // By itself it gives up after some seconds, and loses what it holds.
    await analytics.closeAndFlush({ timeout: 60_000 });
    expect(failures).toEqual([]);
    const events = await of('node-1');
    expect(events.map(({ y }) => y).sort()).toEqual(['alias', 'group', 'identify', 'page', 'track']);
    expect(events.every(({ pl }) => pl === 'server')).toBe(true);
    expect(events.find(({ y }) => y === 'identify')?.l).toBe('node-anonymous');
  });

  it.each([
    ['binary', Mode.BINARY],
    ['structured', Mode.STRUCTURED],
  ])('cloudevents, %s', async (name, mode) => {
    const emit = emitterFor(httpTransport(`${collector.url}/v1/cloudevents`), { mode });
    const event = new CloudEvent({
      id: '1',
      source: `/shop/${name}`,
      type: 'Product Viewed',
      subject: `ce-${name}`,
      time: '2026-01-02T03:04:05.678Z',
      data: { product_id: 'kettle' },
    });
    const options = { headers: { authorization: `Bearer ${WRITE_KEY}` } };
    await emit(event, options);
    await emit(event, options);
    const events = await of(`ce-${name}`);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      n: 'Product Viewed',
      t: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      p: { product_id: 'kettle' },
    });
  });

  it('cloudevents, batched, where the same id of another source is another event', async () => {
    const event = (source: string) =>
      new CloudEvent({ id: '7', source, type: 'Counted', subject: 'ce-batch', data: {} }).toJSON();
    const answer = await collector.post(
      '/v1/cloudevents',
      [event('/a'), event('/b'), event('/a'), { specversion: '1.0' }],
      { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${WRITE_KEY}` },
    );
    expect(answer).toMatchObject({
      status: 200,
      body: { accepted: 3, refused: [{ index: 3, field: 'id' }] },
    });
    expect(await of('ce-batch')).toHaveLength(2);
  });

  it('@segment/analytics-next in a browser, with the collector as its only host', async () => {
    const site = await siteWithSnippet();
    const browser = await chromium.launch({
      executablePath: browserExecutable(),
      args: ['--no-sandbox', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage();
      const hosts = new Set<string>();
      page.on('request', (request) => hosts.add(new URL(request.url()).host));
      await page.goto(site.url);
      await page.waitForFunction('window.delivered === true');
      const [event] = await until(async () => {
        const found = await of('browser-1');
        return found.some(({ n }) => n === 'Product Added') ? found.filter(({ y }) => y === 'track') : null;
      });
      expect(event).toMatchObject({
        n: 'Product Added',
        pl: 'web',
        p: { product_id: 'kettle', price: 24.9 },
      });
      expect(event?.l).toBeTypeOf('string');
      expect((await of('browser-1')).map(({ y }) => y).sort()).toEqual(['identify', 'page', 'track']);
      expect([...hosts].sort()).toEqual([new URL(collector.url).host, site.host].sort());
    } finally {
      await browser.close();
      site.server.close();
    }
  });
});

/** A page of another origin that carries the client as shipped and sends three calls. */
async function siteWithSnippet(): Promise<{ url: string; host: string; server: Server }> {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve('@segment/analytics-next/package.json')),
    'dist/umd',
  );
  const page = `<!doctype html><title>Shop</title><script src="/index.js"></script><script type="module">
    const [analytics] = await AnalyticsNext.AnalyticsBrowser.load({
      writeKey: '${WRITE_KEY}',
      cdnURL: '${collector.url}',
    });
    await analytics.identify('browser-1', { plan: 'plus' });
    await analytics.page('Home');
    await analytics.track('Product Added', { product_id: 'kettle', price: 24.9 });
    window.delivered = true;
  </script>`;
  const server = createServer((request, response) => {
    const name = basename((request.url ?? '/').split('?')[0] ?? '');
    if (!name.endsWith('.js')) return response.setHeader('content-type', 'text/html').end(page);
    response.setHeader('content-type', 'text/javascript').end(readFileSync(join(folder, name)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}/`, host, server };
}
