import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@/server/core/json';
import { plainEvent } from './event-fixture';
import { textRecordsOf } from './event-texts';
import { encodeEvent } from './message-hash';
import { type CustomerEvent, EVENT_TYPES, type LogRecord, PLATFORMS } from './records';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('","c":"', '"},"tp":"', '\\', 'a\tb\nc', '\u2028', '\ud800', ',\n', '}}'),
);
/**
 * Without a name that is a single backslash: once V8 (of Node 24.21) has parsed one, it takes any name in its place that begins
 * with an escape for it, so that `JSON.parse` is nothing to compare with.
 */
const properties = (
  fc.dictionary(fc.oneof(text, fc.constantFrom('tp', 'p')), fc.jsonValue()) as fc.Arbitrary<JsonObject>
).filter((members) => !JSON.stringify(members).includes('"\\\\":'));
const event: fc.Arbitrary<CustomerEvent> = fc
  .record(
    {
      id: text,
      c: text,
      l: text,
      l2: text,
      t: fc.oneof(
        fc.integer(),
        fc.integer({ min: -1e15, max: 1e15 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
      r: fc.nat(),
      s: fc.uuid(),
      y: fc.constantFrom(...EVENT_TYPES),
      n: text,
      pl: fc.constantFrom(...PLATFORMS),
      p: properties,
      cs: fc.dictionary(fc.constantFrom('gpc', 'tcf'), fc.subarray(['marketing', 'personalisation'])),
      tp: fc.constantFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
    },
    { requiredKeys: ['id', 'c', 't', 'r', 's', 'y', 'n', 'pl', 'p'] },
  )
  .map((members) => plainEvent('', '', members));

const packOf = (elements: readonly string[], between = ',\n') => `[${elements.join(between)}]`;
const encoded = (one: CustomerEvent, dedupKey: string) => encodeEvent(one, dedupKey, 64).json;

/** What parsing it whole gives. */
const expected = (pack: string) =>
  (JSON.parse(pack) as LogRecord[]).map((record) => {
    if (record.k !== 'e') return record;
    const { r: _, tp: __, cs: ___, ...kept } = record;
    return { ...kept, p: JSON.stringify(record.p) };
  });

describe('records with their properties as text', () => {
  it('are what parsing gives, whatever stands in the events', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.boolean()), { minLength: 1, maxLength: 5 }), (events) => {
        const pack = packOf(
          events.map(([one, repeats]) => encoded(one, repeats ? one.id : `${one.id} of another`)),
        );
        expect(textRecordsOf(pack)).toEqual(expected(pack));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are as long as ever without a consent signal, and whole with one', () => {
    const plain = plainEvent('m1', 'a', { p: { a: {} } });
    expect(encoded(plain, 'm1')).toBe(
      '{"k":"e","id":"m1","c":"a","t":1,"r":1,"s":"src","y":"track","n":"Seen","pl":"web","p":{"a":{}}}',
    );
    const signalling = { ...plain, cs: { gpc: ['marketing'] } };
    expect(JSON.parse(encoded(signalling, 'm1'))).toEqual(signalling);
    expect(textRecordsOf(packOf([encoded(signalling, 'm1').replace('"p":{', '"p":{ ')]))).toMatchObject([
      { p: '{ "a":{}}', id: 'm1' },
    ]);
  });

  it('come unparsed where the texts are plain', () => {
    const written = encoded(plainEvent('m1', 'ä@example.org', { p: { a: '\u2028' } }), 'm1');
    const spaced = written.replace('"p":{', '"p":{ ');
    expect(textRecordsOf(packOf([spaced]))).toMatchObject([{ p: '{ "a":"\u2028"}' }]);
  });

  it('come from packs of other records, and from events in another form', () => {
    const others: LogRecord[] = [
      { k: 'c', t: 5, epoch: 2 },
      { k: 'd', id: 'm1', c: 'a', t: 1, r: 1, s: 'src' },
      plainEvent('m2', 'a'),
      {
        k: 't',
        from: 'b',
        to: 'a',
        origin: { partition: 1, seq: 1, hops: 0 },
        events: [plainEvent('m3', 'b')],
      },
    ];
    for (const pack of [
      JSON.stringify(others),
      packOf(others.map((one) => JSON.stringify(one))),
      '[]',
      '{}',
    ]) {
      expect(textRecordsOf(pack)).toEqual(pack === '{}' ? [] : expected(pack));
    }
    expect(() => textRecordsOf('[{"k":"e"')).toThrow(SyntaxError);
  });
});
