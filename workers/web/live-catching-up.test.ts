import { beforeAll, expect, it } from 'vitest';
import type { QueueRoomData } from '@/server/live/queue-room.schema';
import { until } from '@/server/platform/until';
import { liveFixture } from './live-fixture';

const MINUTE_MS = 60_000;
let live: Awaited<ReturnType<typeof liveFixture>>;

beforeAll(async () => {
  live = await liveFixture();
});

const callOf = (t?: number) => ({
  ...{ n: 'Call Started', p: { contactId: 'c1' } },
  ...(t === undefined ? {} : { t }),
});

it('marks who waits in a part of the stream that is fed old events, also for who comes later, until it has caught up', async () => {
  const agent = await live.page('agent');
  const name = live.room('queue');
  await agent.join(name);
  const row = (customer: string, page = agent) => page.data<QueueRoomData>(name)?.entries[customer];
  // In partitions of their own.
  await live.stream.commit('u-now', [callOf()]);
  await live.stream.commit('u-past', [callOf(live.deps.now() - 20 * MINUTE_MS)]);
  expect(await until(() => row('u-past'))).toMatchObject({ behind: true });
  expect(await until(() => row('u-now'))).not.toHaveProperty('behind');
  const later = await live.page('admin');
  await later.join(name);
  expect(row('u-past', later)).toMatchObject({ behind: true });
  await live.stream.commit('u-past', [{ n: 'Product Viewed' }]);
  await until(() => row('u-past')?.behind === undefined && row('u-past', later)?.behind === undefined);
});

it('takes the mark back by itself when nothing old has come for a while', async () => {
  const agent = await live.page('agent');
  const name = live.room('queue');
  await agent.join(name);
  const row = () => agent.data<QueueRoomData>(name)?.entries['u-back'];
  await live.stream.commit('u-back', [callOf(live.deps.now() - 15 * MINUTE_MS)]);
  expect(await until(row)).toMatchObject({ behind: true });
  await until(() => row() !== undefined && row()?.behind === undefined);
});
