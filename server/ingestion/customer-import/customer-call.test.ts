import { describe, expect, it } from 'vitest';
import { columnOf, customerCall } from './customer-call';
import { columnsProblem, guessColumns, type ImportColumn } from './import-columns.schema';

const COLUMNS = guessColumns(['Customer ID', 'E-Mail', 'First name', 'PLZ', 'Orders', 'Device ID']);
const row = (line: number, ...cells: string[]) => ({ line, cells });
const GOOD = ['c1', 'a@b.test', 'Anna', '01234', '12', 'anon-1'];

describe('columns of a file of customers', () => {
  it('are guessed by their titles', () => {
    expect(COLUMNS.map(({ use, trait }) => (use === 'trait' ? trait : use))).toEqual([
      'userId',
      'eMail',
      'firstName',
      'plz',
      'orders',
      'anonymousId',
    ]);
    expect(columnsProblem(COLUMNS)).toBeNull();
  });

  it.each<[string, (columns: ImportColumn[]) => ImportColumn[], RegExp]>([
    ['no user id', (columns) => columns.slice(1), /which one column/],
    ['a trait twice', (columns) => [...columns, ...columns.slice(1, 2)], /Two columns are the trait eMail/],
    [
      'a trait without a name',
      ([first, ...more]) => [first, ...more.map((one) => ({ ...one, trait: '' }))] as ImportColumn[],
      /name/,
    ],
  ])('are refused with %s', (_, change, problem) => {
    expect(columnsProblem(change(COLUMNS))).toMatch(problem);
  });

  it('are at most as many traits as a customer holds', () => {
    const many = guessColumns(['id', ...Array.from({ length: 25 }, (_, at) => `t${at}`)]);
    expect(many.filter(({ use }) => use === 'trait')).toHaveLength(20);
    expect(
      columnsProblem(many.map((one) => (one.use === 'leaveOut' ? { ...one, use: 'trait' } : one))),
    ).toMatch(/20/);
  });
});

describe('a row of customers', () => {
  it('is an identify call, with numbers as numbers and empty cells left out', () => {
    expect(customerCall(row(2, ...GOOD), COLUMNS)).toMatchObject({
      type: 'identify',
      userId: 'c1',
      anonymousId: 'anon-1',
      traits: { eMail: 'a@b.test', firstName: 'Anna', plz: '01234', orders: 12 },
    });
    expect(customerCall(row(2, 'c1', '', ' ', '', '', ''), COLUMNS)).toMatchObject({ traits: {} });
  });

  it('has the same id as often as it is read, and another in another line or with other contents', () => {
    const idOf = (line: number, ...cells: string[]) => {
      const call = customerCall(row(line, ...cells), COLUMNS);
      return 'type' in call ? call.messageId : null;
    };
    expect(idOf(2, ...GOOD)).toBe(idOf(2, ...GOOD));
    expect(new Set([idOf(2, ...GOOD), idOf(3, ...GOOD), idOf(2, ...GOOD.with(2, 'Ann'))]).size).toBe(3);
  });

  it.each([
    ['without a user id', row(7, '', 'a', 'b', 'c', 'd', 'e'), 'Customer ID', 'Is empty.'],
    ['with too few fields', row(7, 'c1', 'a'), null, 'Has 2 fields; the first line has 6.'],
    ['of another encoding', row(7, 'c1', 'a', 'J\uFFFDrg', '', '', ''), 'First name', 'Is not UTF-8.'],
    ['with a quote that is not closed', { line: 7, cells: [], broken: true }, null, /quote/],
  ])('%s is refused by line, column and reason', (_, given, column, reason) => {
    const expected = typeof reason === 'string' ? reason : expect.stringMatching(reason);
    expect(customerCall(given, COLUMNS)).toEqual({ line: 7, column, reason: expected });
  });

  it('is told by the title of the column where the collector finds a flaw', () => {
    expect(columnOf('userId', COLUMNS)).toBe('Customer ID');
    expect(columnOf('traits.eMail', COLUMNS)).toBe('E-Mail');
    expect(columnOf('traits', COLUMNS)).toBeNull();
  });
});
