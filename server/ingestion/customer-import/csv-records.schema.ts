/** A record of a CSV file. */
export interface CsvRecord {
  /** of the file, from 1, where the record begins */
  line: number;
  cells: string[];
  /** a quote in it is not closed, or text follows a closed one: its line is passed over */
  broken: boolean;
}

/** Longer ones are taken for a quote that is not closed. */
const MOST_RECORD_CHARACTERS = 64 * 1024;
const DELIMITERS = [',', ';', '\t'] as const;
type Delimiter = (typeof DELIMITERS)[number];

type Read = { cells: string[]; end: number } | 'unfinished' | 'broken';

/**
 * Reads CSV (RFC 4180) piece by piece: whatever a file's size, no more than a piece and a record are held. Fields are
 * told apart by comma, semicolon or tab, whichever the first line has most of; empty lines are passed over. A broken line
 * costs itself only.
 */
export class CsvReader {
  #rest = '';
  #line = 1;
  #delimiter: Delimiter | null = null;
  #begun = false;

  /** The records that are whole now. */
  push(text: string): CsvRecord[] {
    this.#rest += this.#begun ? text : text.replace(/^\uFEFF/, '');
    this.#begun ||= text !== '';
    return this.#records(false);
  }

  /** The records that are left, once the file has ended. */
  end(): CsvRecord[] {
    return this.#records(true);
  }

  #records(ended: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let from = 0;
    while (from < this.#rest.length) {
      this.#delimiter ??= delimiterOf(this.#rest, ended);
      if (this.#delimiter === null) break;
      const read = readRecord(this.#rest, from, this.#delimiter, ended);
      const tooLong = this.#rest.length - from > MOST_RECORD_CHARACTERS;
      if (read === 'unfinished' && !ended && !tooLong) break;
      const isBroken = typeof read === 'string';
      const end = isBroken ? lineEnd(this.#rest, from) : read.end;
      const cells = isBroken ? [] : read.cells;
      if (isBroken || cells.length > 1 || cells[0] !== '')
        records.push({ line: this.#line, cells, broken: isBroken });
      this.#line += linesIn(this.#rest, from, end);
      from = end;
    }
    this.#rest = this.#rest.slice(from);
    return records;
  }
}

/** Null while the first line is not whole. */
function delimiterOf(text: string, ended: boolean): Delimiter | null {
  const end = text.search(/[\r\n]/);
  if (end < 0 && !ended && text.length <= MOST_RECORD_CHARACTERS) return null;
  const first = end < 0 ? text : text.slice(0, end);
  const count = (delimiter: Delimiter) => first.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

function readRecord(text: string, from: number, delimiter: Delimiter, ended: boolean): Read {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    const field = text[at] === '"' ? quotedField(text, at, ended) : plainField(text, at, delimiter, ended);
    if (typeof field === 'string') return field;
    cells.push(field.cell);
    at = field.end;
    if (at >= text.length) return { cells, end: at };
    if (text[at] !== delimiter) return afterBreak(text, at, cells, ended);
    at += 1;
  }
}

type Field = { cell: string; end: number } | 'unfinished' | 'broken';

function plainField(text: string, from: number, delimiter: Delimiter, ended: boolean): Field {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return end >= text.length && !ended ? 'unfinished' : { cell: text.slice(from, end), end };
}

function quotedField(text: string, from: number, ended: boolean): Field {
  let close = from + 1;
  for (;;) {
    close = text.indexOf('"', close);
    if (close < 0) return ended ? 'broken' : 'unfinished';
    if (close + 1 >= text.length && !ended) return 'unfinished';
    if (text[close + 1] !== '"') break;
    close += 2;
  }
  return { cell: text.slice(from + 1, close).replaceAll('""', '"'), end: close + 1 };
}

/** What ends a record is a line break; anything else stands behind a closed quote and should not. */
function afterBreak(text: string, at: number, cells: string[], ended: boolean): Read {
  if (text[at] === '\n') return { cells, end: at + 1 };
  if (text[at] !== '\r') return 'broken';
  // Its second half may be in the next piece.
  if (at + 1 >= text.length && !ended) return 'unfinished';
  return { cells, end: text[at + 1] === '\n' ? at + 2 : at + 1 };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

function linesIn(text: string, from: number, end: number): number {
  let lines = 0;
  for (let at = from; at < end; at += 1) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) lines += 1;
  }
  return lines;
}
