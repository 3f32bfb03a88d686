import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceDigest } from '@/server/history/digest.service';
import { messageHistory } from '@/server/history/message.service';
import { RunningStream } from './running-stream-fixture';
import { randomFrom, sendTraffic, traffic } from './traffic-fixture';

const PARTITIONS = 8;
const EVENTS = 3_000;

let stream: RunningStream;
beforeAll(async () => {
  stream = await RunningStream.open();
});
afterAll(() => stream?.close());

describe('workers that are killed', () => {
  it('end with the digest and totals of a clean run', async () => {
    const { deps, log } = stream;
    const clean = await stream.makeShard('clean', PARTITIONS);
    const events = traffic(EVENTS);
    let main = await stream.startWorker('main');
    let archive = await stream.startWorker('archive');
    await sendTraffic(log, clean, events);
    const expected = await stream.finalTotals('clean', EVENTS);
    const expectedDigest = await workspaceDigest(deps, 'clean');
    expect(expected).toMatchObject({ events: EVENTS, duplicates: 0, deadLetters: 0 });
    expect(expected.cartsAbandoned + expected.cartsConverted).toBeGreaterThan(50);
    // Anonymous keys were linked, across partitions too: fewer customers than keys.
    expect(expected.customers).toBeLessThan(240);

    const killed = await stream.makeShard('killed', PARTITIONS);
    const random = randomFrom(7);
    await sendTraffic(log, killed, events, async (at) => {
      if (at % 1_000 !== 450) return;
      await pause(random() * 300);
      await main.kill();
      await archive.kill();
      [main, archive] = await Promise.all([stream.startWorker('main'), stream.startWorker('archive')]);
    });
    // Sent twice altogether: every repeat is an attempt, none an event.
    await sendTraffic(log, killed, events);
    const { duplicates, ...rest } = await stream.finalTotals('killed', EVENTS);
    const { duplicates: none, ...wanted } = expected;
    expect(duplicates - none).toBe(EVENTS);
    expect(rest).toEqual(wanted);
    expect((await workspaceDigest(deps, 'killed')).digest).toBe(expectedDigest.digest);
    expect(await messageHistory(deps, 'killed', '17')).toMatchObject({
      attempts: [{ outcome: 'accepted' }, { outcome: 'duplicate' }],
      effect: { processed: true },
    });
    await main.stop();
    await archive.stop();
  }, 600_000);
});
