import { describe, expect, it } from 'vitest';
import { ROWS, rowNames } from './catalogue';

describe('rows by name', () => {
  it('takes some or all', () => {
    expect(rowNames('replay, partitions')).toEqual(['replay', 'partitions']);
    expect(rowNames('all')).toEqual(Object.keys(ROWS));
  });

  it('names what it does not know', () => {
    expect(() => rowNames('partitions,toString')).toThrow('no row "toString"');
    expect(() => rowNames('')).toThrow('no row ""');
  });
});
