import { readFileSync } from 'node:fs';
import type { SegmentCall, TimedCall } from '../segment-call';
import { percentOf } from './people';
import type { Scenario } from './scenario';
import { shopperKey } from './shop-traffic';

const SAMPLE = new URL('../../../prisma/seed/samples/support-dialogues.json', import.meta.url);
/** A new contact begins this often at the usual rate. */
const EVERY_MS = 40_000;
/** No dialogue lasts longer: how far back one may have begun that still goes on. */
const LONGEST_MS = 10 * 60_000;
const MS_PER_CHARACTER = 55;
const PAUSE_MS = 1_400;
/** In some chats nobody answers for this long: past every step of the escalations that hold by default. */
const UNANSWERED_MS = 4 * 60_000;
const UNANSWERED_PERCENT = 30;
const SHOP_LOOP_MS = 510_000;
const SHOPPERS = 1_000;

interface Dialogue {
  turns: ['agent' | 'customer', string][];
}

/** Calls, and some chats, turn by turn as they are spoken: each from a customer who is in the shop just then. */
export function supportContacts(): Scenario {
  const dialogues = JSON.parse(readFileSync(SAMPLE, 'utf8')) as Dialogue[];
  return {
    name: 'support',
    between(from, to) {
      const found: TimedCall[] = [];
      const first = Math.floor((from - LONGEST_MS) / EVERY_MS);
      for (let number = first; number * EVERY_MS < to; number += 1) {
        const dialogue = dialogues[percentOf(String(number), 'dialogue') % dialogues.length];
        if (!dialogue) continue;
        for (const call of contact(number, dialogue)) if (call.at >= from && call.at < to) found.push(call);
      }
      return found.sort((a, b) => a.at - b.at);
    },
  };
}

function contact(number: number, { turns }: Dialogue): TimedCall[] {
  const start = number * EVERY_MS;
  const isCall = percentOf(String(number), 'channel') < 65;
  const userId = shopperKey(
    (percentOf(String(number), 'who') * 10 + percentOf(String(number), 'whom')) % SHOPPERS,
    Math.floor(start / SHOP_LOOP_MS),
  );
  const id = `${isCall ? 'call' : 'chat'}-${number}`;
  const calls: TimedCall[] = [];
  const say = (offset: number, event: string, properties: Record<string, unknown>) => {
    const at = start + Math.round(offset);
    const messageId = `support:${number}:${calls.length + 1}`;
    const call: SegmentCall = {
      type: 'track',
      messageId,
      userId,
      event,
      timestamp: new Date(at).toISOString(),
      properties,
      context: { library: { name: isCall ? 'analytics-node' : 'analytics.js' } },
    };
    calls.push({ at, call });
  };
  const speak = isCall ? callTurn : chatTurn;
  say(
    0,
    isCall ? 'Call Started' : 'Live Chat Conversation Started',
    isCall ? { contactId: id } : { conversation_id: id },
  );
  let offset = PAUSE_MS;
  const answeredBy = isCall ? -1 : firstAnswer(String(number), turns);
  for (const [index, [participant, text]] of turns.entries()) {
    if (index === answeredBy) offset += UNANSWERED_MS;
    const lengthMs = Math.min(14_000, text.length * MS_PER_CHARACTER) + 600;
    speak(say, {
      id,
      turnId: `turn-${index + 1}`,
      participant,
      text,
      beginMs: offset,
      endMs: offset + lengthMs,
    });
    offset += lengthMs + PAUSE_MS;
  }
  say(
    offset,
    isCall ? 'Call Ended' : 'Live Chat Conversation Ended',
    isCall ? { contactId: id } : { conversation_id: id },
  );
  return calls;
}

/** The turn that a customer waits for; -1: they need not. */
function firstAnswer(number: string, turns: Dialogue['turns']): number {
  if (percentOf(number, 'unanswered') >= UNANSWERED_PERCENT) return -1;
  return turns.findIndex(([participant]) => participant === 'agent');
}

interface Spoken {
  id: string;
  turnId: string;
  participant: 'agent' | 'customer';
  text: string;
  beginMs: number;
  endMs: number;
}
type Say = (offset: number, event: string, properties: Record<string, unknown>) => void;

/** Long turns are heard in two parts: what was understood half way, then the whole. */
function callTurn(say: Say, { id, ...turn }: Spoken): void {
  const part = { contactId: id, ...turn };
  if (turn.text.length > 60) {
    const half = turn.text.slice(0, turn.text.lastIndexOf(' ', turn.text.length / 2));
    const midMs = Math.round((turn.beginMs + turn.endMs) / 2);
    say(midMs, 'Transcript Segment', { ...part, text: half, endMs: midMs, isFinal: false });
  }
  say(turn.endMs, 'Transcript Segment', { ...part, isFinal: true });
}

function chatTurn(say: Say, { id, turnId, participant, text, endMs }: Spoken): void {
  const event = participant === 'customer' ? 'Live Chat Message Sent' : 'Live Chat Message Received';
  say(endMs, event, { conversation_id: id, message_id: turnId, message_body: text });
}
