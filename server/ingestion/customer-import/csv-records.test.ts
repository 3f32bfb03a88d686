import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvReader } from './csv-records.schema';

function read(...pieces: string[]) {
  const reader = new CsvReader();
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}
const cells = (...pieces: string[]) => read(...pieces).map((record) => record.cells);

describe('records of a CSV', () => {
  it.each([
    [
      'commas',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'semicolons, as spreadsheets of some countries write',
      'a;b\r\n1,5;2',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'tabs',
      'a\tb\n1\t2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a mark of the byte order', '\uFEFFa,b\n', [['a', 'b']]],
    ['quotes, breaks and delimiters within a field', '"a ""x""","b\r\nc,d"\n', [['a "x"', 'b\r\nc,d']]],
    ['empty fields and no break at the end', 'a,,\n,,"" ', [['a', '', '']]],
    [
      'old line breaks',
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
  ])('are read with %s', (_, text, expected) => {
    expect(cells(text).slice(0, expected.length)).toEqual(expected);
  });

  it('are numbered by the line of the file they begin in, past empty lines and breaks within fields', () => {
    expect(read('a,b\n\n"1\n2",3\n4,5\n').map(({ line }) => line)).toEqual([1, 3, 5]);
  });

  it.each([
    ['a quote that is never closed', 'a,b\n1,2\n"3,4\n5,6\n'],
    ['text behind a closed quote', 'a,b\n1,2\n"3"x,4\n5,6\n'],
  ])('lose one line to %s', (_, text) => {
    expect(read(text)).toEqual([
      { line: 1, cells: ['a', 'b'], broken: false },
      { line: 2, cells: ['1', '2'], broken: false },
      { line: 3, cells: [], broken: true },
      { line: 4, cells: ['5', '6'], broken: false },
    ]);
  });

  it('do not wait for the end of a long file to find that a quote is not closed', () => {
    const reader = new CsvReader();
    const found = reader.push(`a,b\n"1,2\n${'3,4\n'.repeat(30_000)}`);
    expect(found[1]).toMatchObject({ line: 2, broken: true });
    expect(found.length).toBeGreaterThan(29_000);
  });

  it('are the same wherever the pieces are cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', ',', ';', '"', '\n', '\r', 'ü') });
    const written = (value: string) => (/[",;\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, fc.array(fc.nat(40), { maxLength: 8 }), (rows, cuts) => {
        const text = ['h1,h2', ...rows.map((row) => row.map(written).join(','))].join('\r\n');
        const at = [0, ...cuts.map((cut) => cut % text.length).sort((a, b) => a - b), text.length];
        const pieces = at.slice(1).map((end, place) => text.slice(at[place], end));
        expect(cells(...pieces)).toEqual([['h1', 'h2'], ...rows]);
      }),
    );
  });
});
