import { expect, it } from 'vitest';
import { cookieOf, liveFixture } from '@/workers/web/live-fixture';
import type { DashboardFigures, DashboardOptions } from './dashboard-options';
import { run } from './processes';

const CLIENTS = 30;

const { deps, north, south, url } = await liveFixture();

it('many screens join the room of Operations and tell how old what they are pushed is', async () => {
  const options: DashboardOptions = {
    url,
    cookie: await cookieOf(deps, 'north', 'ops'),
    room: `ws:${north.workspaceId}:operations`,
    clients: CLIENTS,
    settleSeconds: 1,
    seconds: 2,
  };
  const screens = run('./dashboard-clients.ts', JSON.stringify(options));
  await screens.ended;
  expect(screens.lines[0]).toBe('joined');
  const figures: DashboardFigures = JSON.parse(screens.lines.at(-1) ?? '{}');
  expect(figures).toMatchObject({ clients: CLIENTS, closed: 0 });
  // How many updates come in that time is the machine's affair: that each has them, and that they are reckoned right, is not.
  const { count, p50 } = figures.pushMs;
  expect(count).toBeGreaterThanOrEqual(CLIENTS);
  expect(figures.updatesPerSecondEach).toBeCloseTo(count / CLIENTS / options.seconds, 1);
  expect(p50).toBeGreaterThanOrEqual(0);
  expect(p50).toBeLessThan(60_000);
});

it('says so when the room is not open to them', async () => {
  const room = `ws:${south.workspaceId}:operations`;
  const cookie = await cookieOf(deps, 'north', 'ops');
  const options: DashboardOptions = { url, cookie, room, clients: 1, settleSeconds: 0, seconds: 1 };
  await expect(run('./dashboard-clients.ts', JSON.stringify(options)).ended).rejects.toThrow('ended with');
});
