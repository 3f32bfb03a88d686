import { expect, it } from 'vitest';
import type { TimedCall } from '../segment-call';
import { supportContacts } from './support-contacts';

const START = Date.parse('2026-03-01T10:00:00Z');
const HOUR_MS = 3_600_000;
/** Past the last step of the escalations that hold by default: one and a half of the two minutes a chat may wait. */
const ESCALATED_MS = 180_000;

/** How long each chat of some hours had no word of an agent, ms. */
function silencesOf(calls: readonly TimedCall[]): number[] {
  const begun = new Map<unknown, number>();
  const silences = new Map<unknown, number>();
  for (const { at, call } of calls) {
    const chat = call.properties?.conversation_id;
    if (call.event === 'Live Chat Conversation Started') begun.set(chat, at);
    const began = begun.get(chat);
    if (call.event !== 'Live Chat Message Received' || began === undefined || silences.has(chat)) continue;
    silences.set(chat, at - began);
  }
  return [...silences.values()];
}

it('leaves some chats unanswered until they are escalated, and most not', () => {
  const silences = silencesOf(supportContacts().between(START, START + 6 * HOUR_MS, 20));
  const escalated = silences.filter((silence) => silence > ESCALATED_MS);
  expect(silences.length).toBeGreaterThan(50);
  expect(escalated.length).toBeGreaterThan(silences.length * 0.15);
  expect(escalated.length).toBeLessThan(silences.length * 0.5);
});

it('says the same however a span is cut, and ends what it began', () => {
  const support = supportContacts();
  const whole = support.between(START, START + HOUR_MS, 20);
  const cut = Array.from({ length: 60 }, (_, minute) =>
    support.between(START + minute * 60_000, START + (minute + 1) * 60_000, 20),
  ).flat();
  const ids = (calls: readonly TimedCall[]) => calls.map(({ call }) => call.messageId).sort();
  expect(ids(cut)).toEqual(ids(whole));
  const count = (event: string) => whole.filter(({ call }) => call.event === event).length;
  const begun = count('Call Started') + count('Live Chat Conversation Started');
  const ended = count('Call Ended') + count('Live Chat Conversation Ended');
  expect(Math.abs(begun - ended)).toBeLessThan(10);
});
