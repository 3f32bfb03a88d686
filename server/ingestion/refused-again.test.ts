import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CollectorFixture, collectorFixture } from './testing/collector-fixture';

let collector: CollectorFixture;
beforeAll(async () => {
  collector = await collectorFixture();
});
afterAll(() => collector.close());

describe('a retry of what was refused', () => {
  it('is refused again, and is one dead letter', async () => {
    const lettersOf = async (id: string) =>
      (await collector.deadLetters()).filter((letter) => letter.id === id).map(({ reason }) => reason);
    const bad = {
      type: 'track',
      event: 'Product Added',
      userId: 'u',
      messageId: 'again',
      properties: { product_id: 'p', price: -1 },
    };
    const good = { type: 'track', event: 'Tested', userId: 'u', messageId: 'good' };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const answer = await collector.post('/v1/batch', { batch: [bad, good], sentAt: attempt });
      expect(answer.body).toMatchObject({ accepted: 1, refused: [{ index: 0 }] });
    }
    expect(await lettersOf('again')).toHaveLength(1);
    // The same id refused for something else is news, and an event without an id cannot be recognised.
    await collector.post('/v1/track', { ...bad, properties: { product_id: 'p', price: 1, quantity: -1 } });
    expect(await lettersOf('again')).toHaveLength(2);
    const before = (await collector.deadLetters()).length;
    for (let attempt = 0; attempt < 2; attempt += 1)
      await collector.post('/v1/track', { ...bad, messageId: '' });
    expect(await collector.deadLetters()).toHaveLength(before + 2);
    // Once mended it is taken: refusals do not use up the id.
    const mended = { ...bad, properties: { product_id: 'p', price: 1 } };
    expect((await collector.post('/v1/track', mended)).body).toMatchObject({ accepted: 1 });
    expect((await collector.events()).filter(({ id }) => id === 'again')).toHaveLength(1);
  });
});
