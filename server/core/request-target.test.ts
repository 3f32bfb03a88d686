import { describe, expect, it } from 'vitest';
import { originForm } from './request-target';

describe('the target of a request', () => {
  it.each([
    ['/v1/track?a=1', '/v1/track?a=1'],
    ['http://localhost:4000/v1/track?a=1', '/v1/track?a=1'],
    ['HTTPS://host/', '/'],
    ['http://host', '/'],
    ['http://host?a=1', '/?a=1'],
    ['//host/v1/track', '//host/v1/track'],
    ['*', '*'],
    ['', ''],
  ])('is path and query: %s', (target, expected) => {
    expect(originForm(target)).toBe(expected);
  });
});
