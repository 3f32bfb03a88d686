import { describe, expect, it } from 'vitest';
import { nextPage } from './sign-in-call';

describe('the page after signing in', () => {
  it.each(['/desk', '/desk?customer=ada', '/streams/late#x'])('is the one asked for: %s', (wanted) => {
    expect(nextPage(wanted)).toBe(wanted);
  });

  it.each([
    null,
    '',
    'desk',
    'https://elsewhere.test',
    '//elsewhere.test',
    '/\\elsewhere.test',
    '/\t/elsewhere.test',
    '/\n\\elsewhere.test',
    '/sign-in?next=/desk',
  ])('is never one of another site: %j', (wanted) => {
    expect(nextPage(wanted)).toBe('/');
  });
});
