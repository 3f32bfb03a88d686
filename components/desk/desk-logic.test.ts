import { describe, expect, it } from 'vitest';
import { holdRows } from '@/components/live/held-list';
import type { CardEvent } from '@/server/features/card-view.schema';
import type { QueueRow } from '@/server/live/queue-room.schema';
import { foldTimeline } from './fold-timeline';
import { countRows, orderQueue } from './queue-order';
import { splitByWords } from './trigger-words';

const row = (customer: string, since: number, more: Partial<QueueRow> = {}): QueueRow => ({
  customer,
  reason: 'cart',
  title: 'checkout idle',
  since,
  channel: 'web',
  at: since,
  ...more,
});
const sla = { chat: 60, call: 60, rule: 180, cart: 300 };

describe('the order of the queue', () => {
  it('puts one’s own first, then live contacts, then who runs out first, then what others took', () => {
    const claim = (userId: string) => ({ userId, name: userId, takenAt: 5 });
    const entries = {
      late: row('late', 200),
      soon: row('soon', 100),
      rule: row('rule', 150_000, { reason: 'rule' }),
      call: row('call', 900_000, { reason: 'contact' }),
      mine: row('mine', 999_000, { claim: claim('me') }),
      theirs: row('theirs', 1, { claim: claim('them') }),
    };
    const rows = orderQueue({ entries, viewers: {}, sla }, 'me');
    expect(rows.map(({ customer }) => customer)).toEqual(['mine', 'call', 'soon', 'late', 'rule', 'theirs']);
    expect(countRows(rows)).toEqual({ waiting: 4, behind: 0, taken: 2 });
  });

  it('puts what was escalated to the agents on top of those who wait, the furthest step first', () => {
    const chat = (customer: string, since: number, more: Partial<QueueRow> = {}) =>
      row(customer, since, { reason: 'contact', channel: 'chat', ...more });
    const entries = {
      soon: chat('soon', 1),
      ops: chat('ops', 2, { escalation: { since: 2, supervisors: 200 } }),
      near: chat('near', 3, { escalation: { since: 3, agents: 80 } }),
      nearer: chat('nearer', 0, { escalation: { since: 0, agents: 80, supervisors: 90 } }),
      far: chat('far', 900_000, { escalation: { since: 900_000, agents: 150 } }),
      mine: chat('mine', 5, { claim: { userId: 'me', name: 'me', takenAt: 5 } }),
    };
    const rows = orderQueue({ entries, viewers: {}, sla }, 'me');
    expect(rows.map(({ customer }) => customer)).toEqual(['mine', 'far', 'nearer', 'near', 'soon', 'ops']);
  });
});

describe('the queue while the stream catches up', () => {
  it('has those who may have left since below all who are known to wait, however long they did', () => {
    const behind = true;
    const entries = {
      old: row('old', 1, { reason: 'contact', channel: 'call', behind }),
      older: row('older', 0, { reason: 'contact', channel: 'call', behind }),
      raised: row('raised', 2, { reason: 'contact', behind, escalation: { since: 2, agents: 80 } }),
      oldCart: row('oldCart', 0, { behind }),
      cart: row('cart', 900_000),
      call: row('call', 990_000, { reason: 'contact', channel: 'call' }),
      theirs: row('theirs', 1, { claim: { userId: 'them', name: 'them', takenAt: 5 }, behind }),
    };
    const rows = orderQueue({ entries, viewers: {}, sla }, 'me');
    const order = ['call', 'cart', 'raised', 'older', 'old', 'oldCart', 'theirs'];
    expect(rows.map(({ customer }) => customer)).toEqual(order);
    expect(countRows(rows)).toEqual({ waiting: 2, behind: 4, taken: 1 });
  });
});

describe('rows under the pointer', () => {
  it('keep their place: what left stays marked, what came waits', () => {
    const key = (each: { id: string }) => each.id;
    const held = holdRows([{ id: 'a' }, { id: 'b' }], key, null).shown;
    const list = holdRows([{ id: 'new' }, { id: 'b' }], key, held);
    expect(list.shown.map(({ key: id, gone }) => [id, gone])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(list.waiting).toBe(1);
  });
});

describe('the visit', () => {
  const event = (id: string, name: string, type: CardEvent['type'] = 'track'): CardEvent => ({
    at: 1,
    id,
    name,
    type,
    platform: 'web',
  });

  it('folds page views and cart changes, and shows what matters and what came last', () => {
    const parts = foldTimeline([
      event('1', '/home', 'page'),
      event('2', 'Product Viewed'),
      event('3', 'Product Added'),
      event('4', 'Checkout Started'),
      event('5', '/pay', 'page'),
    ]);
    const words = parts.map((part) => (part.kind === 'fold' ? part.label : part.event.id));
    expect(words).toEqual(['2 page views', '3', '4', '5']);
  });

  it('underlines whole words only, in any case', () => {
    const parts = splitByWords('Bad badge, really BAD.', ['bad']);
    expect(parts.filter(({ isTrigger }) => isTrigger).map(({ part }) => part)).toEqual(['Bad', 'BAD']);
    expect(parts.map(({ part }) => part).join('')).toBe('Bad badge, really BAD.');
  });
});
