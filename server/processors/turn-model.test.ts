import { expect, it } from 'vitest';
import { lexiconSentiment } from './lexicon-sentiment';
import { isReadByAnother } from './turn-model';

const stateWith = (...turns: unknown[][]) => ({
  vs: [],
  ct: [{ id: 'c1', call: 1, s: 0, l: 9, e: null, tu: turns }],
});
const turn = (who: 0 | 1, ...model: string[]) => [0, 't', who, 0, 'id', 'hi', 0, 0, [], ...model];

it('knows a turn that an earlier model read from one that the present model did', () => {
  const { version } = lexiconSentiment;
  expect(isReadByAnother(stateWith(turn(1, version), turn(0)) as never)).toBe(false);
  expect(isReadByAnother(stateWith(turn(1, version), turn(1)) as never)).toBe(true);
  expect(isReadByAnother(stateWith(turn(1, `${version}b`)) as never)).toBe(true);
  expect(isReadByAnother(null)).toBe(false);
});
