import { expect, it } from 'vitest';
import { addToContext, withoutCurrencies } from './context-text';
import { emptyState } from './customer-state';
import { differencesFromHistory, differingParts } from './state-parts';

const stateWith = (cx: string) => ({ ...emptyState(), cx }) as never;
const added = addToContext('', [1_000, 'a', 0, 0, 'kettle', 3_990, 'EUR']);
const both = addToContext(added, [2_000, 'b', 6, 0, '', 3_990, 'USD']);

it('takes last events that were kept before currencies were for the same, and no others', () => {
  const older = stateWith(addToContext(withoutCurrencies(added), [2_000, 'b', 6, 0, '', 3_990, 'USD']));
  expect(differingParts(older, stateWith(both))).toEqual(['last events']);
  expect(differencesFromHistory(older, stateWith(both))).toEqual([]);
  const other = addToContext(added, [2_000, 'c', 6, 0, '', 3_990, 'USD']);
  expect(differencesFromHistory(stateWith(other), stateWith(both))).toEqual(['last events']);
  expect(differencesFromHistory(null, stateWith(both))).toEqual(['whole state']);
});
