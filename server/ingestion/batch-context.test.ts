import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { track } from './testing/calls';
import { type CollectorFixture, collectorFixture, SOURCE } from './testing/collector-fixture';

let collector: CollectorFixture;

beforeAll(async () => {
  collector = await collectorFixture();
});
afterAll(() => collector.close());

const IOS = { device: { type: 'ios' }, library: { name: 'analytics-kotlin' } };

describe('the context of a batch', () => {
  it('is that of each of its events, as far as the event says nothing else', async () => {
    const batch = [
      track({ messageId: 'shared' }),
      track({ messageId: 'own', context: { device: { type: 'kiosk' } } }),
      track({ messageId: 'none', context: null }),
    ];
    expect((await collector.post('/v1/batch', { batch, context: IOS })).body).toMatchObject({ accepted: 3 });
    expect(await collector.eventOf('shared')).toMatchObject({ pl: 'ios' });
    expect(await collector.eventOf('own')).toMatchObject({ pl: 'store' });
    expect(await collector.eventOf('none')).toMatchObject({ pl: 'ios' });
  });

  it('signals consent for all of them', async () => {
    const batch = [track({ messageId: 'signalled' })];
    await collector.post('/v1/batch', { batch, context: { gpc: true } });
    const alone = track({ messageId: 'alone', context: { gpc: true } });
    await collector.post('/v1/track', alone);
    const { cs } = await collector.eventOf('alone');
    expect(cs).toBeDefined();
    expect(await collector.eventOf('signalled')).toMatchObject({ cs });
  });

  it('is kept with an event that is refused', async () => {
    const batch = [track({ messageId: 'refused', event: '' })];
    expect((await collector.post('/v1/batch', { batch, context: IOS })).status).toBe(400);
    const letter = (await collector.deadLetters()).find(({ id }) => id === 'refused');
    const sealed = collector.seal.open(Buffer.from(letter?.sealed ?? '', 'base64'), SOURCE.workspaceId);
    expect(JSON.parse(sealed)).toMatchObject({ event: { context: IOS } });
  });

  it('is no reason to refuse anything when it is no object', async () => {
    expect((await collector.post('/v1/batch', { batch: [track()], context: 'web' })).status).toBe(200);
    const strange = await collector.post('/v1/batch', { batch: ['x', track()], context: IOS });
    expect(strange.body).toMatchObject({ accepted: 1, refused: [{ index: 0 }] });
  });

  it('may not come to more than can be kept, nor be nested without end', async () => {
    const context = { note: 'x'.repeat(20_000) };
    const batch = Array.from({ length: 500 }, () => track());
    const answer = await collector.post('/v1/batch', { batch, context });
    expect(answer).toMatchObject({ status: 413, body: { errors: [{ field: 'context' }] } });
    const deep = `{"batch":[${JSON.stringify(track())}],"context":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    const refused = await collector.post('/v1/batch', deep);
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'context', reason: 'too_complex' }] },
    });
    expect(collector.state.errors).toEqual([]);
  });
});
