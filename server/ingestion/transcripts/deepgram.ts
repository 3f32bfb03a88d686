import {
  type Fields,
  fieldsOf,
  listOf,
  msOf,
  type Transcript,
  TranscriptShapeError,
  type TranscriptTurn,
  textOf,
} from './transcript-turn';

const SECONDS = 1_000;

/** Deepgram: streaming `Results` messages, and answers for recordings (utterances, else whole channels). */
export function deepgram(document: unknown): Transcript {
  const root = fieldsOf(document, '');
  const metadata = typeof root.metadata === 'object' ? (root.metadata as Fields | null) : null;
  const request = metadata?.request_id;
  const contactId = typeof request === 'string' ? request : undefined;
  if (root.channel !== undefined) return { contactId, turnsIn: 'channel', turns: [streamed(root)] };
  if (root.results === undefined) throw new TranscriptShapeError('channel', 'Must be there, or results.');
  const results = fieldsOf(root.results, 'results');
  if (Array.isArray(results.utterances)) {
    return { contactId, turnsIn: 'results.utterances', turns: results.utterances.map(utterance) };
  }
  const turns = listOf(results.channels, 'results.channels').map(channel);
  return { contactId, turnsIn: 'results.channels', turns };
}

function streamed(root: Fields): TranscriptTurn {
  const best = bestOf(fieldsOf(root.channel, 'channel'), 'channel');
  const beginMs = msOf(root.start, SECONDS, 'start');
  const index = Array.isArray(root.channel_index) ? root.channel_index[0] : 0;
  return {
    // A turn keeps its start while its words are still being corrected.
    turnId: `${index}-${beginMs}`,
    participant: speakerRole(firstSpeaker(best) ?? index),
    text: textOf(best.transcript, 'channel.alternatives.0.transcript'),
    beginMs,
    endMs: beginMs + msOf(root.duration, SECONDS, 'duration'),
    isFinal: root.is_final === true,
  };
}

function utterance(item: unknown, index: number): TranscriptTurn {
  const where = `results.utterances.${index}`;
  const fields = fieldsOf(item, where);
  return {
    turnId: typeof fields.id === 'string' ? fields.id : String(index),
    participant: speakerRole(fields.speaker ?? fields.channel),
    text: textOf(fields.transcript, `${where}.transcript`),
    beginMs: msOf(fields.start, SECONDS, `${where}.start`),
    endMs: msOf(fields.end, SECONDS, `${where}.end`),
    isFinal: true,
  };
}

function channel(item: unknown, index: number): TranscriptTurn {
  const where = `results.channels.${index}`;
  const best = bestOf(fieldsOf(item, where), where);
  const words = Array.isArray(best.words) ? best.words : [];
  const [first, last] = [words[0], words.at(-1)] as (Fields | undefined)[];
  return {
    turnId: `channel-${index}`,
    participant: speakerRole(index),
    text: textOf(best.transcript, `${where}.alternatives.0.transcript`),
    beginMs: msOf(first?.start, SECONDS, `${where}.words`),
    endMs: msOf(last?.end, SECONDS, `${where}.words`),
    isFinal: true,
  };
}

function bestOf(holder: Fields, where: string): Fields {
  return fieldsOf(listOf(holder.alternatives, `${where}.alternatives`)[0], `${where}.alternatives.0`);
}

function firstSpeaker(alternative: Fields): unknown {
  const words = Array.isArray(alternative.words) ? alternative.words : [];
  const first: unknown = words[0];
  return typeof first === 'object' && first !== null ? (first as Fields).speaker : undefined;
}

/** By convention the agent answers first: speaker and channel 0. */
function speakerRole(speaker: unknown): 'agent' | 'customer' {
  return speaker === 0 ? 'agent' : 'customer';
}
