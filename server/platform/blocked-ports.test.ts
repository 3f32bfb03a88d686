import { expect, it } from 'vitest';
import { isBlockedPort, unblockedAfter } from './blocked-ports';

it('blocks what fetch itself blocks', async () => {
  const ports = Array.from({ length: 65_535 }, (_, index) => index + 1).filter(isBlockedPort);
  expect(ports).toHaveLength(82);
  for (const port of ports)
    await expect(fetch(`http://127.0.0.1:${port}/`), String(port)).rejects.toMatchObject({
      cause: { message: 'bad port' },
    });
});

it.each([
  [4190, 1, 4191],
  [22, 1, 1024],
  [6665, 1, 6670],
  [6668, 5, 6670],
  [6674, 5, 6680],
])('names after %i the next of which %i are open: %i', (port, many, next) => {
  expect(unblockedAfter(port, many)).toBe(next);
});
