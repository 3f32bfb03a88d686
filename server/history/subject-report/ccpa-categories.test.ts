import { expect, it } from 'vitest';
import { ccpaCategories } from './ccpa-categories';

const NOTHING = { keys: [], traits: [], events: [], facts: [], conversations: 0, waits: 0, decisions: [] };

it('tells categories by names alone, in the order of the law', () => {
  const found = ccpaCategories({
    keys: ['u1'],
    traits: ['email', 'gender', 'plan', 'city'],
    events: [
      { name: 'Order Completed', kind: 'track' },
      { name: 'Home', kind: 'page' },
      { name: '', kind: 'screen' },
    ],
    facts: ['visit', 'refund'],
    conversations: 1,
    waits: 2,
    decisions: ['Help in the cart'],
  });
  expect(found.map(({ letter }) => letter).join('')).toBe('ABCDEFGHIJK');
  const examples = Object.fromEntries(found.map((category) => [category.letter, category.examples]));
  expect(examples).toMatchObject({
    A: ['customer keys', 'email'],
    B: [],
    C: ['gender'],
    D: ['refund', 'Order Completed'],
    F: ['visit', 'waits for an agent', 'Home', 'screen'],
    G: ['city'],
    H: ['transcripts of conversations'],
    K: ['decision: Help in the cart'],
  });
});

it('collected nothing of whom nothing is held', () => {
  expect(ccpaCategories(NOTHING).filter(({ collected }) => collected)).toEqual([]);
});
