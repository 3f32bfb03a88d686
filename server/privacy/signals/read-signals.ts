import { PURPOSES, type Purpose } from '../purpose.schema';
import { UndecodableSignal } from './bit-text';
import { readGppString, readUsCalifornia, readUsNational, readUsPrivacy } from './gpp-string';
import { fieldsOf, type SignalField, type SignalKind, type SignalOutcome } from './signal-mapping.schema';
import { readTcString } from './tc-string';

/** Longest text of a signal that is looked at, characters. */
const MAX_TEXT = 8_192;
const MAX_CATEGORIES = 100;

/** One signal that came, for those who count them. `gpp`: a string as a whole, or a section of it, that was not taken. */
export interface SignalSeen {
  kind: SignalKind | 'gpp';
  outcome: SignalOutcome;
}

export interface SignalsRead {
  /** of each kind that says something: the purposes it denies, none when it allows all; absent: no kind does */
  denied: Partial<Record<SignalKind, Purpose[]>> | undefined;
  seen: SignalSeen[];
}

/** Whether anything of an event's context may be a signal. Asked of every event: two looks at an object. */
export function maySignal(context: unknown): context is Record<string, unknown> {
  if (typeof context !== 'object' || context === null) return false;
  const { consent, gpc } = context as Record<string, unknown>;
  return consent !== undefined || gpc !== undefined;
}

/**
 * What an event and the request that carried it signal. What cannot be decoded, or is of a version or section we do not
 * know, is noted and otherwise as if it had not come: it is never read as consent.
 * @param header whether the request said `Sec-GPC: 1`
 */
export function readSignals(context: unknown, header: boolean): SignalsRead {
  const reading = new SignalReading();
  const own = maySignal(context) ? context : {};
  const consent = isRecord(own.consent) ? own.consent : {};
  readGpc(reading, header, [own.gpc, consent.gpc]);
  reading.attempt('segment', consent.categoryPreferences, readCategories);
  reading.attempt('tcf', consent.tcf, readTcf);
  if (consent.gpp !== undefined && consent.gpp !== null)
    reading.guard('gpp', () => readGpp(reading, consent.gpp, consent.gppSid));
  return reading;
}

/** Fields that are refused; null: the signal says nothing to us. */
type Refused = readonly SignalField[] | null;

class SignalReading implements SignalsRead {
  denied: SignalsRead['denied'];
  readonly seen: SignalSeen[] = [];

  /** Notes what cannot be decoded. */
  guard(kind: SignalSeen['kind'], read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof UndecodableSignal)) throw error;
      this.seen.push({ kind, outcome: 'undecodable' });
    }
  }

  attempt(kind: SignalKind, value: unknown, read: (value: unknown) => Refused): void {
    if (value === undefined || value === null) return;
    this.guard(kind, () => {
      const refused = read(value);
      if (refused === null) this.seen.push({ kind, outcome: 'ignored' });
      else this.take(kind, refused);
    });
  }

  /** Of the same kind told twice, what either refuses is refused. */
  take(kind: SignalKind, refused: readonly SignalField[]): void {
    this.seen.push({ kind, outcome: refused.length > 0 ? 'denies' : 'allows' });
    this.denied ??= {};
    const before = this.denied[kind] ?? [];
    const now = refused.flatMap(({ denies }) => denies);
    this.denied[kind] = PURPOSES.filter((purpose) => before.includes(purpose) || now.includes(purpose));
  }
}

/** The header says 1 or nothing. A sender who reads the browser's property may tell that it is off again. */
function readGpc(reading: SignalReading, header: boolean, told: readonly unknown[]): void {
  const values = told.filter((value) => value !== undefined && value !== null);
  if (header || values.some(isOn)) reading.take('gpc', fieldsOf('gpc'));
  else if (values.length > 0 && values.every(isOff)) reading.take('gpc', []);
  else if (values.length > 0) reading.seen.push({ kind: 'gpc', outcome: 'undecodable' });
}

const isOn = (value: unknown): boolean => value === true || value === 1 || value === '1';
const isOff = (value: unknown): boolean => value === false || value === 0 || value === '0';

function readCategories(value: unknown): Refused {
  if (!isRecord(value)) throw new UndecodableSignal('Categories are no object.');
  const told = new Map(
    Object.entries(value)
      .slice(0, MAX_CATEGORIES)
      .map(([name, allowed]) => [name.toLowerCase().replaceAll(/[\s_-]/g, ''), allowed]),
  );
  const known = fieldsOf('segment').filter(({ field }) => typeof told.get(field) === 'boolean');
  return known.length === 0 ? null : known.filter(({ field }) => told.get(field) === false);
}

function readTcf(value: unknown): Refused {
  const tc = readTcString(textOf(value));
  if (tc === null) return null;
  return fieldsOf('tcf').filter(({ field, interestWillDo }) => {
    const purpose = Number(field);
    return !tc.consents.has(purpose) && !(interestWillDo && tc.interests.has(purpose));
  });
}

interface GppSection {
  kind: SignalKind;
  read(text: unknown): Refused;
}
const SECTIONS: Readonly<Record<number, GppSection | undefined>> = {
  2: { kind: 'tcf', read: readTcf },
  6: { kind: 'usp', read: (text) => refusedIn('usp', readUsPrivacy(textOf(text))) },
  7: { kind: 'usnat', read: (text) => refusedIn('usnat', readUsNational(textOf(text))) },
  8: { kind: 'usca', read: (text) => refusedIn('usca', readUsCalifornia(textOf(text))) },
};

/** Each section that applies; those we do not know are noted. */
function readGpp(reading: SignalReading, value: unknown, sid: unknown): void {
  const applicable = idsOf(sid);
  const sections = readGppString(textOf(value));
  if (sections === null) reading.seen.push({ kind: 'gpp', outcome: 'ignored' });
  for (const [id, text] of sections ?? []) {
    if (applicable !== null && !applicable.includes(id)) continue;
    const section = SECTIONS[id];
    if (section) reading.attempt(section.kind, text, section.read);
    else reading.seen.push({ kind: 'gpp', outcome: 'ignored' });
  }
}

/** Ids of the sections that apply, as a list or parted by commas or underscores; null: not told, so all do. */
function idsOf(sid: unknown): number[] | null {
  if (sid === undefined || sid === null || sid === '') return null;
  const given: unknown[] = Array.isArray(sid) ? sid.slice(0, MAX_CATEGORIES) : partsOf(sid);
  const ids = given.map((id) => (typeof id === 'string' || typeof id === 'number' ? Number(id) : Number.NaN));
  if (!ids.every(Number.isInteger)) throw new UndecodableSignal('Ids of sections are no whole numbers.');
  return ids;
}

const partsOf = (sid: unknown): unknown[] =>
  typeof sid === 'string' ? sid.slice(0, MAX_TEXT).split(/[,_]/) : [sid];

/** Whoever is asked nothing has allowed nothing: a section in which no field applies is passed over. */
function refusedIn(kind: SignalKind, optOuts: Readonly<Record<string, number>> | null): Refused {
  if (optOuts === null || Object.values(optOuts).every((value) => value === 0)) return null;
  return fieldsOf(kind).filter(({ field }) => optOuts[field] === 1);
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_TEXT)
    throw new UndecodableSignal('It is no text, or too long.');
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
