import { describe, expect, it } from 'vitest';
import { deadLetterOf, type SealedEvent } from './dead-letter';
import { refuse } from './refusal';

const RECEIVED = Date.UTC(2026, 4, 30, 12);
const MINUTE_MS = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

function timeOf(sealed: Omit<SealedEvent, 'form'>, form: SealedEvent['form'] = 'segment'): number {
  const facts = { sourceId: 's', workspaceId: 'w', receivedAt: RECEIVED, seal: () => '' };
  const record = deadLetterOf(refuse('invalid', 'event', 'No.'), { form, ...sealed }, facts);
  expect(record.r).toBe(RECEIVED);
  return record.t;
}

describe('the event time of a dead letter', () => {
  it('is the time the refused event states, also ahead of the clock', () => {
    const past = RECEIVED - 3 * 24 * 60 * MINUTE_MS;
    expect(timeOf({ event: { timestamp: iso(past) } })).toBe(past);
    expect(timeOf({ event: { originalTimestamp: iso(past) } })).toBe(past);
    expect(timeOf({ event: { timestamp: iso(RECEIVED + 60 * MINUTE_MS) } })).toBe(RECEIVED + 60 * MINUTE_MS);
    expect(timeOf({ event: { time: iso(past), timestamp: iso(RECEIVED) } }, 'cloudevent')).toBe(past);
  });

  it('is corrected for a wrong clock as that of an event that is taken', () => {
    const ahead = RECEIVED + 60 * MINUTE_MS;
    const event = { timestamp: iso(ahead - MINUTE_MS) };
    expect(timeOf({ event: { ...event, sentAt: iso(ahead) } })).toBe(RECEIVED - MINUTE_MS);
    expect(timeOf({ event, sentAt: iso(ahead) })).toBe(RECEIVED - MINUTE_MS);
    expect(timeOf({ event: { timestamp: iso(5), sentAt: 'soon' } })).toBe(5);
    expect(timeOf({ event: { time: iso(5) }, sentAt: iso(ahead) }, 'cloudevent')).toBe(5);
  });

  it('is the receipt where none can be read or kept', () => {
    const unreadable = [
      'not JSON',
      null,
      [],
      {},
      { timestamp: 'yesterday' },
      { timestamp: {} },
      { timestamp: '9998-01-01', sentAt: '1900-01-01' },
      { timestamp: '1900-01-01', sentAt: '9998-01-01' },
    ];
    for (const event of unreadable) expect(timeOf({ event })).toBe(RECEIVED);
  });
});
