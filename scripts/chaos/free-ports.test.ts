import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { firstOfFreePorts } from './free-ports';

const taken = createServer();
afterEach(() => new Promise((resolve) => taken.close(resolve)));

it('passes over ports of which somebody has the last', async () => {
  const wanted = await firstOfFreePorts(5);
  const share = (wanted - 20_000 + 0.5) / (10_000 - 5);
  const draws = [share, share, 0.75];
  const draw = () => draws.shift() ?? 0.25;
  expect(await firstOfFreePorts(5, draw)).toBe(wanted);
  await new Promise<void>((resolve) => taken.listen(wanted + 4, resolve));
  expect(await firstOfFreePorts(5, draw)).not.toBe(wanted);
});
