import { describe, expect, it } from 'vitest';
import { csvText } from './csv-text.schema';

const cell = (value: string | number | null) => csvText(['Value'], [[value]]).slice('Value\r\n'.length, -2);

describe('text of a CSV', () => {
  it('has a line for the titles and one for each row, each ended', () => {
    expect(csvText(['Name', 'Value'], [])).toBe('Name,Value\r\n');
    expect(csvText(['Name', 'Value'], [['a', 1]])).toBe('Name,Value\r\na,1\r\n');
  });

  it('quotes what would end a cell or a line, and titles as well', () => {
    expect(cell('a "b", c')).toBe('"a ""b"", c"');
    expect(cell('one\ntwo')).toBe('"one\ntwo"');
    expect(cell('one\r\ntwo')).toBe('"one\r\ntwo"');
    expect(cell('semi;colon and space')).toBe('semi;colon and space');
    expect(csvText(['a,b'], [])).toBe('"a,b"\r\n');
  });

  it('lets no spreadsheet run a cell', () => {
    expect(cell('=HYPERLINK("http://x")')).toBe('"\'=HYPERLINK(""http://x"")"');
    expect(cell('@sum')).toBe("'@sum");
    expect(cell('+1')).toBe("'+1");
    expect(cell('-1+cmd()')).toBe("'-1+cmd()");
    expect(cell('\t=1')).toBe("'\t=1");
    expect(cell('\r=1')).toBe('"\'\r=1"');
    expect(cell('\n=1')).toBe('"\'\n=1"');
    expect(cell('a=1')).toBe('a=1');
  });

  it('leaves numbers as they are, and what is not known empty', () => {
    expect(cell(-1.5)).toBe('-1.5');
    expect(cell(0)).toBe('0');
    expect(cell(null)).toBe('');
    expect(cell('')).toBe('');
  });
});
