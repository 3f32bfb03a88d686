export interface Snippet {
  name: string;
  text: string;
}

/** How each kind of client sends its first event to this collector. */
export function snippetsFor(address: string, writeKey: string): Snippet[] {
  const event =
    '{"userId":"u-1","event":"Product Added","properties":{"product_id":"kettle","price":24.9,"quantity":1}}';
  return [
    {
      name: 'curl',
      text: `curl -u ${writeKey}: ${address}/v1/track \\\n  -H 'content-type: application/json' \\\n  -d '${event}'`,
    },
    {
      name: 'Browser',
      text: `import { AnalyticsBrowser } from '@segment/analytics-next';

export const analytics = AnalyticsBrowser.load({
  writeKey: '${writeKey}',
  cdnURL: '${address}',
});

analytics.identify('u-1', { plan: 'plus' });
analytics.track('Product Added', { product_id: 'kettle', price: 24.9, quantity: 1 });`,
    },
    {
      name: 'Node',
      text: `import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: '${writeKey}', host: '${address}' });

analytics.track({
  userId: 'u-1',
  event: 'Product Added',
  properties: { product_id: 'kettle', price: 24.9, quantity: 1 },
});
await analytics.closeAndFlush();`,
    },
    {
      name: 'CloudEvents',
      text: `curl ${address}/v1/cloudevents \\
  -H 'authorization: Bearer ${writeKey}' \\
  -H 'content-type: application/json' \\
  -H 'ce-specversion: 1.0' -H 'ce-id: 1' -H 'ce-source: /shop' \\
  -H 'ce-type: Product Added' -H 'ce-subject: u-1' \\
  -d '{"product_id":"kettle","price":24.9,"quantity":1}'`,
    },
    {
      name: 'Python',
      text: `import segment.analytics as analytics  # pip install segment-analytics-python

analytics.write_key = '${writeKey}'
analytics.host = '${address}'

analytics.track('u-1', 'Product Added', {'product_id': 'kettle', 'price': 24.9, 'quantity': 1})
analytics.flush()`,
    },
  ];
}
