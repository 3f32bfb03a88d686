import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { freePort, isPortFree } from '@/server/platform/embedded/ports';
import { loadEnv, SettingError } from '@/server/platform/env';
import { assertPortsFree } from './settings-check';

const taken = createServer();
afterEach(() => new Promise((resolve) => taken.close(resolve)));

async function portsOf(settings: Record<string, string>) {
  const [port, collectorPort] = [await freePort(), await freePort()];
  return loadEnv({ PORT: String(port), COLLECTOR_PORT: String(collectorPort), ...settings });
}

/** A port that is free and follows two free ones: below those that systems hand out, so that nobody takes them meanwhile. */
async function thirdOfThree(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all([port - 2, port - 1, port].map((one) => isPortFree(one)));
    if (free.every(Boolean)) return port;
  }
}

/** Somebody else's program on a port. */
async function take(port: number): Promise<number> {
  await new Promise<void>((resolve) => taken.listen(port, resolve));
  return port;
}

it.each(['PORT', 'COLLECTOR_PORT', 'METRICS_PORT'])(
  'says in one sentence that %s is in use',
  async (name) => {
    const port = await take(await freePort());
    const error = await assertPortsFree(await portsOf({ [name]: String(port) })).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(SettingError);
    expect(error.message).toBe(
      `The setting ${name} names port ${port}, which is in use; stop what uses it, or set ${name} to another.`,
    );
  },
);

it('looks at every port that METRICS_PORT gives out, and at none when it is not set', async () => {
  const port = await take(await thirdOfThree());
  await expect(assertPortsFree(await portsOf({ METRICS_PORT: String(port - 2) }))).rejects.toThrow(
    `names port ${port}`,
  );
  await expect(assertPortsFree(await portsOf({}))).resolves.toBeUndefined();
});

it('refuses a METRICS_PORT of which a later port is one that fetch blocks', async () => {
  await expect(assertPortsFree(await portsOf({ METRICS_PORT: '6664' }))).rejects.toThrow(
    'The setting METRICS_PORT gives out the ports from 6664 to 6668, and browsers and fetch open nothing on 6668; set it to another, such as 6670.',
  );
});

it('finds no room for the ports of METRICS_PORT at the end, nor where the console or the collector listens', async () => {
  await expect(assertPortsFree(await portsOf({ METRICS_PORT: '65532' }))).rejects.toThrow(
    'The setting METRICS_PORT is 65532, but there are 5 ports from it on; set it to 65531 or less.',
  );
  const port = await freePort();
  const both = { PORT: String(port), METRICS_PORT: String(port - 4) };
  await expect(assertPortsFree(await portsOf(both))).rejects.toThrow(
    `The setting METRICS_PORT is ${port - 4}, and ${port}, one of the 5 ports from it on, is PORT; set it to another.`,
  );
});
