import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recentSignals } from '@/server/privacy/signals/signal-counts.connector';
import { track } from './testing/calls';
import { type CollectorFixture, collectorFixture, SOURCE } from './testing/collector-fixture';

let fixture: CollectorFixture;
beforeAll(async () => {
  fixture = await collectorFixture();
});
afterAll(() => fixture.close());

const GPC = { 'sec-gpc': '1' };

/** Sends calls in one request. @returns what each signals in the log */
async function signalsOf(calls: readonly { messageId: string }[], headers: Record<string, string> = {}) {
  const { status } = await fixture.post('/v1/batch', { batch: calls }, headers);
  expect(status).toBe(200);
  return Promise.all(calls.map(async ({ messageId }) => (await fixture.eventOf(messageId)).cs));
}

describe('consent signals', () => {
  it('of the request hold for all its events, and nothing is there without one', async () => {
    const gpc = { gpc: ['marketing'] };
    expect(await signalsOf([track(), track()], GPC)).toEqual([gpc, gpc]);
    expect(await signalsOf([track(), track({ context: { ip: '::1' } })])).toEqual([undefined, undefined]);
    expect(await signalsOf([track()], { 'sec-gpc': '0' })).toEqual([undefined]);
  });

  it('of an event are its own', async () => {
    const consent = { categoryPreferences: { Advertising: false } };
    const tcf = 'COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA';
    expect(
      await signalsOf([
        track({ context: { consent } }),
        track({ context: { consent: { tcf } } }),
        track({ context: { consent: { gpp: 'no GPP string' } } }),
        track(),
      ]),
    ).toEqual([{ segment: ['marketing'] }, { tcf: ['personalisation', 'marketing'] }, undefined, undefined]);
  });

  it('come with a CloudEvent as well', async () => {
    const event = { specversion: '1.0', id: 'ce-1', source: 'shop', type: 'Seen', subject: 'u' };
    const { status } = await fixture.post('/v1/cloudevents', event, {
      ...GPC,
      'content-type': 'application/cloudevents+json',
    });
    expect(status).toBe(200);
    expect((await fixture.eventOf('ce-1')).cs).toEqual({ gpc: ['marketing'] });
  });

  it('are counted by kind and outcome', async () => {
    await fixture.signalCounts.flush();
    const counts = await recentSignals(fixture.queueRedis, SOURCE.workspaceId, Date.now());
    expect(counts.map(({ kind, outcome, count }) => `${kind} ${outcome} ${count}`).sort()).toEqual([
      'gpc denies 3',
      'gpp undecodable 1',
      'segment denies 1',
      'tcf denies 1',
    ]);
  });
});
