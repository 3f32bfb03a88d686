import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFirings } from '@/server/alerts/firing.repository';
import { createThreshold } from '@/server/alerts/threshold.service';
import { LAG } from '@/server/alerts/threshold-fixture';
import { metricHistory } from '@/server/observability';
import { until } from '@/server/platform/until';
import { RunningStream } from './running-stream-fixture';
import { sendTraffic, traffic } from './traffic-fixture';

const WORKSPACE = 'measured';
const USER = 'usr_ops';
/** A lease that nobody drops ends after four seconds; the rest is a process that starts. */
const LIMIT_MS = 120_000;

let stream: RunningStream;
beforeAll(async () => {
  stream = await RunningStream.open();
  await stream.deps.db.user.create({ data: { id: USER, email: 'ops@example.test', name: 'Omar' } });
});
afterAll(() => stream?.close());

const firings = () => listFirings(stream.deps, WORKSPACE, { from: 0, to: Date.now() + 1, limit: 50 });

describe('the metrics group in a process of its own', () => {
  it('judges without the processors, once however many stand by, and goes on where a killed one stopped', async () => {
    const shard = await stream.makeShard(WORKSPACE, 4);
    const behind = { ...LAG, value: 1, holdSeconds: 1 };
    await createThreshold(stream.deps, { workspaceId: WORKSPACE, userId: USER }, behind);
    const [first] = await Promise.all([stream.startWorker('metrics'), stream.startWorker('metrics')]);
    // Nobody processes them: the lag grows, and is known to have no owner.
    await sendTraffic(stream.log, shard, traffic(50));
    const fires = async () => (await firings()).length === 1;
    await until(fires, { timeoutMs: LIMIT_MS, everyMs: 100, what: 'the threshold to fire' });

    await first.kill();
    const killedAt = Date.now();
    await stream.startWorker('main');
    const ends = async () => (await firings()).every(({ endedAt }) => endedAt !== null);
    await until(ends, { timeoutMs: LIMIT_MS, everyMs: 100, what: 'the firing to end' });
    expect(await firings()).toHaveLength(1);
    const sampledAnew = async () => {
      const range = { from: killedAt, to: Date.now(), points: 10 };
      const { series } = await metricHistory(stream.deps, WORKSPACE, {
        metrics: ['lagSeconds'],
        dimension: '',
        ...range,
      });
      return series.some(({ points }) => points.some(({ value }) => value !== null));
    };
    await until(sampledAnew, { timeoutMs: LIMIT_MS, everyMs: 500, what: 'a sample' });
  }, 300_000);
});
