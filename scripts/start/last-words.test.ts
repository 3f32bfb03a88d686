import { describe, expect, it } from 'vitest';
import { lastWords } from './last-words';

const said = (level: number, msg: string, rest: object = {}) => JSON.stringify({ level, ...rest, msg });

describe('the last words of a process', () => {
  it.each([
    ['nothing', [], 'it did not say why'],
    ['only everyday work', [said(30, 'ready'), said(40, 'a job failed')], 'it did not say why'],
    [
      'an error that it logged, before what it did in the end',
      [said(50, 'could not listen', { err: { message: 'EACCES' } }), said(30, 'stopping')],
      'could not listen: EACCES',
    ],
    ['the newest of several errors', [said(50, 'first'), said(60, 'second')], 'second'],
    [
      'an error that it threw',
      ['file:///a.ts:1', "SyntaxError: Unexpected token '}'", '    at compile (a.ts:1:1)', '', 'Node.js v24'],
      "SyntaxError: Unexpected token '}'",
    ],
    [
      'one sentence',
      [said(30, 'begins'), 'The setting PORT is no number.'],
      'The setting PORT is no number.',
    ],
    ['half a line of JSON', ['{"level":50,"msg":"cut o'], 'it did not say why'],
  ])('are those of %s', (_, lines, words) => {
    expect(lastWords(lines)).toBe(words);
  });

  it('are no more than a sentence takes', () => {
    expect(lastWords(['x'.repeat(10_000)])).toHaveLength(301);
  });
});
