import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import type { CustomerEvent } from '@/server/event-log/records';
import { compareIds } from '@/server/streaming/event-order';
import { type Contact, type CustomerState, heldTime, laterOf, NO_TIME, type Turn } from './customer-state';
import { contextId, textOf } from './event-reading';
import { type SentimentModel, weightedSentiment } from './sentiment';
import type { FactSink } from './step-run';

/** A contact that nobody has closed ends after so much silence; the same id afterwards is a new contact. */
export const CONTACT_SILENCE_MS = 30 * MINUTE_MS;
const KEEP_MS = 24 * HOUR_MS;
const KEEP_FINAL = 3;
/** Final turns kept with their text, and customer turns kept for the sentiment. */
const TEXT_TURNS = 60;
const SCORED_TURNS = 200;
const MAX_TEXT = 280;

interface ContactEvent {
  id: string;
  call: 0 | 1;
  ends: boolean;
  turn: Turn | null;
}

const CALL_NAMES = new Set(['Transcript Segment', 'Call Started', 'Call Ended']);
const CHAT_NAMES = new Set([
  'Live Chat Conversation Started',
  'Live Chat Conversation Ended',
  'Live Chat Message Sent',
  'Live Chat Message Received',
]);

/** Adds what an event says of a call or chat. False: it says nothing. */
export function addToContacts(
  state: CustomerState,
  event: CustomerEvent,
  model: SentimentModel,
  sink: Pick<FactSink, 'enter'>,
): boolean {
  if (event.y !== 'track' || !(CALL_NAMES.has(event.n) || CHAT_NAMES.has(event.n))) return false;
  sink.enter('contacts');
  const read = readContact(event, model);
  if (read === null) return false;
  const { t } = event;
  state.ct ??= [];
  addContact(state.ct, {
    id: read.id,
    call: read.call,
    s: t,
    l: t,
    e: read.ends ? heldTime(t) : NO_TIME,
    tu: read.turn === null ? [] : [read.turn],
  });
  return true;
}

/** Joins a contact with those of the same id that silence does not part from it. */
export function addContact(contacts: Contact[], added: Contact): void {
  let whole = added;
  for (let i = contacts.length - 1; i >= 0; i -= 1) {
    const held = contacts[i] as Contact;
    if (held.id !== whole.id) continue;
    if (held.s - whole.l > CONTACT_SILENCE_MS || whole.s - held.l > CONTACT_SILENCE_MS) continue;
    whole = joinContacts(held, whole);
    contacts.splice(i, 1);
  }
  contacts.push(whole);
  contacts.sort((a, b) => a.s - b.s || compareIds(a.id, b.id));
}

function joinContacts(a: Contact, b: Contact): Contact {
  const [into, from] = a.tu.length >= b.tu.length ? [a.tu, b.tu] : [b.tu, a.tu];
  for (const turn of from) addTurn(into, turn);
  return {
    id: a.id,
    call: a.call === 1 || b.call === 1 ? 1 : 0,
    s: Math.min(a.s, b.s),
    l: Math.max(a.l, b.l),
    e: laterOf(a.e, b.e),
    tu: into,
  };
}

/** Puts a turn in its place; the same turn sent again is replaced by the later sending. */
function addTurn(turns: Turn[], turn: Turn): void {
  const same = turns.findIndex((held) => held[1] === turn[1] && held[2] === turn[2]);
  const held = turns[same];
  if (held !== undefined) {
    if ((turn[3] - held[3] || compareIds(turn[4], held[4])) <= 0) return;
    turns.splice(same, 1);
  }
  let at = turns.length;
  while (at > 0 && compareTurns(turns[at - 1] as Turn, turn) > 0) at -= 1;
  turns.splice(at, 0, turn);
  if (turns.length > TEXT_TURNS) bound(turns);
}

function compareTurns(a: Turn, b: Turn): number {
  return a[0] - b[0] || compareIds(a[1], b[1]) || a[2] - b[2];
}

function bound(turns: Turn[]): void {
  let customer = 0;
  for (let i = turns.length - 1; i >= 0; i -= 1) {
    const turn = turns[i] as Turn;
    if (turn[2] === 1) customer += 1;
    if (turns.length - i <= TEXT_TURNS) continue;
    if (turn[2] === 0 || customer > SCORED_TURNS) turns.splice(i, 1);
    else if (turn[5] !== '' || turn[8].length > 0) {
      turn[5] = '';
      turn[8] = [];
    }
  }
}

function readContact(event: CustomerEvent, model: SentimentModel): ContactEvent | null {
  const { n: name, p } = event;
  if (CALL_NAMES.has(name)) {
    const id = textOf(p.contactId) || textOf(p.contact_id) || textOf(p.call_id);
    if (id === '') return null;
    const call = p.channel === 'chat' ? 0 : 1;
    const turn = name === 'Transcript Segment' && p.isFinal !== false ? segmentTurn(event, model) : null;
    return { id, call, ends: name === 'Call Ended', turn };
  }
  const id = textOf(p.conversation_id) || textOf(p.contactId);
  if (id === '') return null;
  return { id, call: 0, ends: name === 'Live Chat Conversation Ended', turn: chatTurn(event, model) };
}

function segmentTurn(event: CustomerEvent, model: SentimentModel): Turn | null {
  const { p } = event;
  const begin = typeof p.beginMs === 'number' ? p.beginMs : event.t;
  const id = textOf(p.turnId) || contextId(event.id);
  const who = p.participant === 'customer' ? 1 : 0;
  return turnOf(event, begin, id, who, textOf(p.text, 2_000), model);
}

/** In the live-chat specification a message *sent* is the visitor's, one *received* the agent's. */
function chatTurn(event: CustomerEvent, model: SentimentModel): Turn | null {
  const { p, n: name } = event;
  if (name !== 'Live Chat Message Sent' && name !== 'Live Chat Message Received') return null;
  const id = textOf(p.message_id) || contextId(event.id);
  const text = textOf(p.message_body, 2_000) || textOf(p.text, 2_000);
  return turnOf(event, event.t, id, name === 'Live Chat Message Sent' ? 1 : 0, text, model);
}

function turnOf(
  event: CustomerEvent,
  begin: number,
  turnId: string,
  who: 0 | 1,
  text: string,
  model: SentimentModel,
): Turn | null {
  if (text === '') return null;
  const kept = text.slice(0, MAX_TEXT);
  const id = contextId(event.id);
  if (who === 0) return [begin, turnId, 0, event.t, id, kept, 0, 0, []];
  const { score, confidence, triggerWords } = model.score(text);
  return [begin, turnId, 1, event.t, id, kept, score, confidence, triggerWords, model.version];
}

export function isOpenContact(contact: Contact, clock: number): boolean {
  return contact.e === NO_TIME && contact.l + CONTACT_SILENCE_MS > clock;
}

/** The open contact with the newest event, calls before chats at one instant. */
export function openContact(state: CustomerState, clock: number): Contact | null {
  let found: Contact | null = null;
  for (const contact of state.ct ?? []) {
    if (!isOpenContact(contact, clock)) continue;
    if (found === null || contact.l > found.l || (contact.l === found.l && contact.call > found.call)) {
      found = contact;
    }
  }
  return found;
}

/** Scores of the customer's final turns, oldest first. */
export function scoresOf(contact: Contact): number[] {
  const scores: number[] = [];
  for (const turn of contact.tu) if (turn[2] === 1) scores.push(turn[6]);
  return scores;
}

export function sentimentOf(contact: Contact): number {
  return weightedSentiment(scoresOf(contact));
}

/** Drops contacts no event in time could touch: a day behind the newest event, or behind three later such ones. */
export function dropContacts(state: CustomerState, latenessMs: number): void {
  const { ct, n } = state;
  if (ct === undefined) return;
  const isFinal = (contact: Contact) => contact.l + CONTACT_SILENCE_MS < n - latenessMs;
  let later = 0;
  for (let i = ct.length - 1; i >= 0; i -= 1) {
    const contact = ct[i] as Contact;
    if (!isFinal(contact)) continue;
    if (contact.l < n - KEEP_MS || later >= KEEP_FINAL) ct.splice(i, 1);
    else later += 1;
  }
  if (ct.length === 0) state.ct = undefined;
}
