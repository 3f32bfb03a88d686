import { expect, it } from 'vitest';
import type { QueueEntry } from '@/server/streaming/partition-step';
import { contextStanding } from './context-standing';
import { DEFAULT_SLA } from './sla.schema';

const sla = { ...DEFAULT_SLA, chatContext: 5, callContext: 60 };

function entry(customer: string, reason: QueueEntry['reason'], channel: QueueEntry['channel']): QueueEntry {
  return { customer, reason, channel, title: '', since: 0, at: 0 };
}

const ENTRIES = [
  entry('fresh', 'contact', 'chat'),
  entry('at the limit', 'contact', 'chat'),
  entry('old', 'contact', 'chat'),
  entry('older', 'contact', 'chat'),
  entry('unheard of', 'contact', 'chat'),
  entry('on a call', 'contact', 'call'),
  entry('only a cart', 'cart', 'web'),
];
const LAGS = new Map([
  ['fresh', 0],
  ['at the limit', 5],
  ['old', 5.01],
  ['older', 59],
  ['on a call', 59],
  ['only a cart', 900],
]);

it('counts open chats and calls whose context is older than their own limit; the unknown apart, never as fresh', () => {
  const { standing, contacts } = contextStanding(ENTRIES, (customer) => LAGS.get(customer) ?? null, sla);
  expect(standing).toEqual({
    chat: { open: 5, behind: 2, unknown: 1, allowedSeconds: 5 },
    call: { open: 1, behind: 0, unknown: 0, allowedSeconds: 60 },
  });
  expect(contacts.map(({ customer }) => customer)).toEqual(['unheard of', 'older', 'old']);
});
