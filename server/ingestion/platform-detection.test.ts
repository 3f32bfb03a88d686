import { expect, it } from 'vitest';
import { platformOf } from './platform-detection';

it.each([
  ['axios', 'server'],
  ['webhooks', 'server'],
  ['analytics-ios', 'ios'],
  ['analytics_ios', 'ios'],
  ['analytics-swift', 'ios'],
  ['analytics.js', 'web'],
  ['@segment/analytics-next', 'web'],
  ['gtag.js', 'web'],
  ['analytics-kotlin', 'android'],
])('library %s is %s', (name, platform) => {
  expect(platformOf(null, { library: { name } }, 'curl/8.0')).toBe(platform);
});

it.each(['analytics-node', 'nodejs', 'analytics-python3', 'Analytics.NET', 'analytics-go', 'java-sdk'])(
  'library %s is the server, whatever the agent',
  (name) => {
    expect(platformOf(null, { library: { name } }, 'Mozilla/5.0')).toBe('server');
  },
);

it.each(['constructor', '__proto__', 'toString'])('a device of the type %s is an unknown one', (type) => {
  expect(platformOf(null, { device: { type } }, 'curl/8.0')).toBe('server');
});
