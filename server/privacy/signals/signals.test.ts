import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitText, UndecodableSignal } from './bit-text';
import { readGppString, readUsCalifornia, readUsNational, readUsPrivacy } from './gpp-string';
import { maySignal, readSignals } from './read-signals';
import { readTcString } from './tc-string';

/** "TC String" example of IAB Europe's "Consent string and vendor list formats v2": purposes 1 to 3 are consented to. */
const SPEC_TC_STRING =
  'COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw';
/** Example of the perl parser GDPR::IAB::TCFv2, whose README says what is in it: consents 1, 3, 9, 10. */
const CPAN_TC_STRING =
  'CLcVDxRMWfGmWAVAHCENAXCkAKDAADnAABRgA5mdfCKZuYJez-NQm0TBMYA4oCAAGQYIAAAAAAEAIAEgAA.argAC0gAAAAAAAAAAAA';
/** Example of IAB Tech Lab's "Global Privacy Platform String" and of the GPP's own libraries. */
const SPEC_GPP_STRING = 'DBACNYA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YNN';
/** Vectors of prebid/go-gpp, `encode_test.go`, which lists their fields. */
const GO_GPP = {
  california: 'DBABh4A~BlgWEYCY.QA~BSFgmiU',
  national: 'DBADLO8~BSJgmkoZJSA.YA~BSFgmiU~BWJYJllA~BSFgmSZQ.YA',
  unknownVersion: 'DBABLA~DSJgmkoZJSA.YA',
  range: 'DBACTjw~1YYN~BSZZYgkA~BaRlkCSA.QA',
};

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const textOfBits = (bits: string) =>
  (bits.match(/.{1,6}/g) ?? []).map((six) => DIGITS[Number.parseInt(six.padEnd(6, '0'), 2)]).join('');

/** Purposes from 1 as bits of a core segment; what stands before them is of no matter but the version. */
function tcStringOf(consents: readonly number[], interests: readonly number[] = [], version = 2): string {
  const bits = (purposes: readonly number[]) =>
    Array.from({ length: 24 }, (_, at) => (purposes.includes(at + 1) ? '1' : '0')).join('');
  const head = version.toString(2).padStart(6, '0').padEnd(152, '0');
  return textOfBits(`${head}${bits(consents)}${bits(interests)}${'0'.repeat(40)}`);
}

const ALL = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const usNational = (core: string, more = '') => `DBABLA~${textOfBits(core)}${more}`;
const notices = '000001010101010000';

describe('a TC string', () => {
  it('tells purposes as the published examples say', () => {
    expect([...(readTcString(SPEC_TC_STRING)?.consents ?? [])]).toEqual([1, 2, 3]);
    expect([...(readTcString(SPEC_TC_STRING)?.interests ?? [])]).toEqual([]);
    const consents = readTcString(CPAN_TC_STRING)?.consents;
    for (const purpose of [1, 3, 9, 10]) expect(consents?.has(purpose)).toBe(true);
  });

  it('of another version says nothing, and cut short is no string', () => {
    expect(readTcString('BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA')).toBeNull();
    expect(() => readTcString(SPEC_TC_STRING.slice(0, 30))).toThrow(UndecodableSignal);
    expect(() => readTcString('C is no base64')).toThrow(UndecodableSignal);
  });
});

describe('a GPP string', () => {
  it('has the sections its header names', () => {
    expect([...(readGppString(SPEC_GPP_STRING) ?? [])]).toEqual([
      [2, 'CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA'],
      [6, '1YNN'],
    ]);
    const idsOf = (text: string) => [...(readGppString(text)?.keys() ?? [])];
    // The headers of the specification's examples 1 to 3; of the third the range 5 to 6.
    expect(idsOf('DBABM~a')).toEqual([2]);
    expect(idsOf('DBACNY~a~b')).toEqual([2, 6]);
    expect(idsOf('DBABjw~a~b')).toEqual([5, 6]);
    expect(idsOf(GO_GPP.california)).toEqual([8, 9]);
    expect(idsOf(GO_GPP.national)).toEqual([7, 9, 11, 12]);
    expect(idsOf(GO_GPP.range)).toEqual([6, 11, 12]);
  });

  it('is refused when its header and sections do not agree, and passed over in another version', () => {
    expect(() => readGppString('DBACNYA~only-one')).toThrow(UndecodableSignal);
    expect(() => readGppString('CBACNYA~a~b')).toThrow(UndecodableSignal);
    expect(() => readGppString(`DB${'_'.repeat(40)}~a`)).toThrow(UndecodableSignal);
    expect(readGppString('DCABM~a')).toBeNull();
  });

  it('tells the opt-outs of the US sections', () => {
    expect(readUsNational('BSJgmkoZJSA.YA')).toEqual({
      SaleOptOut: 2,
      SharingOptOut: 0,
      TargetedAdvertisingOptOut: 0,
      Gpc: 1,
    });
    expect(readUsNational('BVQqAAAAAAJY.QA')).toMatchObject({ TargetedAdvertisingOptOut: 2, Gpc: 0 });
    expect(readUsNational('DSJgmkoZJSA.YA')).toBeNull();
    expect(readUsCalifornia('BlgWEYCY.QA')).toEqual({ SaleOptOut: 2, SharingOptOut: 0, Gpc: 0 });
    expect(readUsPrivacy('1YNN')).toEqual({ OptOutSale: 2 });
    expect(readUsPrivacy('1YYN')).toEqual({ OptOutSale: 1 });
    expect(readUsPrivacy('2YYN')).toBeNull();
    expect(() => readUsPrivacy('1Y')).toThrow(UndecodableSignal);
  });
});

it('reads any number in Fibonacci coding', () => {
  const coded = (value: number): string => {
    const weights = [1, 2];
    while ((weights.at(-1) as number) <= value)
      weights.push((weights.at(-1) as number) + (weights.at(-2) as number));
    let left = value;
    const bits = weights.toReversed().map((weight) => {
      const has = weight <= left;
      if (has) left -= weight;
      return has ? '1' : '0';
    });
    return `${bits.toReversed().join('').replace(/0+$/, '')}1`;
  };
  expect([1, 2, 3, 4, 5, 6, 7].map(coded)).toEqual(['11', '011', '0011', '1011', '00011', '10011', '01011']);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 8 }), (values) => {
      const bits = new BitText(textOfBits(values.map(coded).join('')));
      expect(values.map(() => bits.fibonacci())).toEqual(values);
    }),
  );
});

describe('what an event signals', () => {
  const deniedBy = (consent: unknown, more: object = {}) =>
    readSignals({ consent, ...more }, false).denied ?? null;

  it('is nothing without a signal', () => {
    expect(maySignal(undefined)).toBe(false);
    expect(maySignal({ library: { name: 'analytics.js' } })).toBe(false);
    expect(readSignals(undefined, false)).toMatchObject({ denied: undefined, seen: [] });
    expect(deniedBy({})).toBeNull();
  });

  it('by Global Privacy Control denies marketing, and nothing of profiling', () => {
    expect(readSignals(undefined, true).denied).toEqual({ gpc: ['marketing'] });
    expect(deniedBy(undefined, { gpc: true })).toEqual({ gpc: ['marketing'] });
    expect(deniedBy({ gpc: '1' })).toEqual({ gpc: ['marketing'] });
    expect(deniedBy({ gpc: false })).toEqual({ gpc: [] });
    expect(readSignals({ gpc: false }, true).denied).toEqual({ gpc: ['marketing'] });
    expect(readSignals({ gpc: 'off' }, false)).toMatchObject({
      denied: undefined,
      seen: [{ kind: 'gpc', outcome: 'undecodable' }],
    });
  });

  it('by categories of Segment denies what the mapping names', () => {
    // The example of Segment's documentation.
    const categories = { Advertising: true, Analytics: false, Functional: true, DataSharing: false };
    expect(deniedBy({ categoryPreferences: categories })).toEqual({ segment: ['marketing'] });
    expect(deniedBy({ categoryPreferences: { ...categories, DataSharing: true } })).toEqual({ segment: [] });
    expect(deniedBy({ categoryPreferences: { C0004: false, personalization: false } })).toEqual({
      segment: ['personalisation', 'marketing'],
    });
    expect(readSignals({ consent: { categoryPreferences: { Mystery: true } } }, false)).toMatchObject({
      denied: undefined,
      seen: [{ kind: 'segment', outcome: 'ignored' }],
    });
  });

  it('by TCF needs consent, and for limited advertising data at least no objection', () => {
    expect(deniedBy({ tcf: SPEC_TC_STRING })).toEqual({ tcf: ['personalisation', 'marketing'] });
    expect(deniedBy({ tcf: tcStringOf(ALL) })).toEqual({ tcf: [] });
    const withoutTwo = ALL.filter((purpose) => purpose !== 2);
    expect(deniedBy({ tcf: tcStringOf(withoutTwo) })).toEqual({ tcf: ['marketing'] });
    expect(deniedBy({ tcf: tcStringOf(withoutTwo, [2]) })).toEqual({ tcf: [] });
    expect(deniedBy({ tcf: tcStringOf([1, 2, 3, 4, 5], [6]) })).toEqual({ tcf: ['personalisation'] });
  });

  it('by GPP is read section by section, those that apply', () => {
    expect(deniedBy({ gpp: GO_GPP.national })).toEqual({ usnat: ['marketing'] });
    expect(deniedBy({ gpp: GO_GPP.california })).toEqual({ usca: [] });
    expect(deniedBy({ gpp: GO_GPP.range })).toEqual({ usp: ['marketing'] });
    expect(deniedBy({ gpp: SPEC_GPP_STRING })).toEqual({
      tcf: ['personalisation', 'marketing'],
      usp: [],
    });
    expect(deniedBy({ gpp: SPEC_GPP_STRING, gppSid: [6] })).toEqual({ usp: [] });
    expect(deniedBy({ gpp: SPEC_GPP_STRING, gppSid: '-1' })).toBeNull();
    for (const field of [18, 20, 22]) {
      const optOuts = '101010'.split('');
      optOuts.splice(field - 18, 2, '0', '1');
      expect(deniedBy({ gpp: usNational(`${notices}${optOuts.join('')}`) })).toEqual({
        usnat: ['marketing'],
      });
    }
    expect(deniedBy({ gpp: usNational(`${notices}101010`) })).toEqual({ usnat: [] });
  });

  it('is never consent when it is unknown, silent or broken', () => {
    const silent = usNational(`${notices}000000`);
    for (const gpp of [silent, GO_GPP.unknownVersion, 'DCABM~a'])
      expect(readSignals({ consent: { gpp } }, false)).toMatchObject({
        denied: undefined,
        seen: [{ outcome: 'ignored' }],
      });
    expect(readSignals({ consent: { tcf: tcStringOf(ALL, [], 3) } }, false).denied).toBeUndefined();
    for (const consent of [
      { tcf: '' },
      { tcf: 7 },
      { gpp: 'nonsense' },
      { gpp: SPEC_GPP_STRING, gppSid: {} },
      // What JSON may hold, and no number can be made of.
      { gpp: SPEC_GPP_STRING, gppSid: { toString: 1, valueOf: 1 } },
      { gpp: SPEC_GPP_STRING, gppSid: [{ toString: 1, valueOf: 1 }] },
    ])
      expect(readSignals({ consent }, false)).toMatchObject({
        denied: undefined,
        seen: [{ outcome: 'undecodable' }],
      });
  });

  it('never throws, and never denies profiling, whatever comes', () => {
    const anything = fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9_~.-]{0,60}$/), fc.jsonValue());
    const prefixed = fc.tuple(fc.constantFrom('DBA', 'C', ''), fc.stringMatching(/^[A-Za-z0-9_~.-]{0,60}$/));
    fc.assert(
      fc.property(anything, prefixed, anything, fc.boolean(), (tcf, [head, gpp], gppSid, header) => {
        const consent = { tcf, gpp: head + gpp, gppSid, categoryPreferences: gppSid };
        const { denied } = readSignals({ consent, gpc: gppSid }, header);
        expect(Object.values(denied ?? {}).flat()).not.toContain('profiling');
      }),
      { numRuns: 2_000 },
    );
  });
});
