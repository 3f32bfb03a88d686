import { contactLens } from './contact-lens';
import {
  type Fields,
  fieldsOf,
  listOf,
  msOf,
  participantOf,
  type Transcript,
  TranscriptShapeError,
  type TranscriptTurn,
  textOf,
} from './transcript-turn';

const SECONDS = 1_000;

/**
 * Amazon Transcribe: streaming events (`Transcript.Results`, call analytics' `UtteranceEvent`), the file of a finished
 * job (`results.audio_segments`, or `results.items` cut where the speaker changes) and of finished call analytics
 * (`Transcript`, in which turns stand as in Contact Lens).
 */
export function transcribe(document: unknown): Transcript {
  const root = fieldsOf(document, '');
  if (root.UtteranceEvent !== undefined) {
    const turns = [utterance(fieldsOf(root.UtteranceEvent, 'UtteranceEvent'))];
    return { turnsIn: 'UtteranceEvent', turns };
  }
  if (Array.isArray(root.Transcript)) return { ...contactLens(root), contactId: jobOf(root) };
  const live = root.TranscriptEvent ?? root;
  const streamed = fieldsOf(live, 'TranscriptEvent').Transcript;
  if (typeof streamed === 'object' && streamed !== null && 'Results' in streamed) {
    const turnsIn = 'Transcript.Results';
    return { turnsIn, turns: streaming(listOf((streamed as Fields).Results, turnsIn)) };
  }
  if (root.results === undefined)
    throw new TranscriptShapeError('Transcript.Results', 'Must be there, or results.');
  return { contactId: jobOf(root), ...finished(fieldsOf(root.results, 'results')) };
}

/** Its name, which each of the files writes its own way. */
function jobOf({ jobName, JobName }: Fields): string | undefined {
  const name = jobName ?? JobName;
  return typeof name === 'string' ? name : undefined;
}

function utterance(fields: Fields): TranscriptTurn {
  return {
    turnId: textOf(fields.UtteranceId, 'UtteranceEvent.UtteranceId'),
    participant: participantOf(fields.ParticipantRole),
    text: textOf(fields.Transcript, 'UtteranceEvent.Transcript'),
    beginMs: msOf(fields.BeginOffsetMillis, 1, 'UtteranceEvent.BeginOffsetMillis'),
    endMs: msOf(fields.EndOffsetMillis, 1, 'UtteranceEvent.EndOffsetMillis'),
    isFinal: fields.IsPartial !== true,
  };
}

function streaming(results: unknown[]): TranscriptTurn[] {
  return results.map((item, index) => {
    const where = `Transcript.Results.${index}`;
    const result = fieldsOf(item, where);
    const best = fieldsOf(listOf(result.Alternatives, `${where}.Alternatives`)[0], `${where}.Alternatives.0`);
    return {
      turnId: textOf(result.ResultId, `${where}.ResultId`),
      participant: channelRole(result.ChannelId),
      text: textOf(best.Transcript, `${where}.Alternatives.0.Transcript`),
      beginMs: msOf(result.StartTime, SECONDS, `${where}.StartTime`),
      endMs: msOf(result.EndTime, SECONDS, `${where}.EndTime`),
      isFinal: result.IsPartial !== true,
    };
  });
}

/** By convention the agent is on the first channel. */
function channelRole(channel: unknown): 'agent' | 'customer' {
  return channel === 'ch_0' ? 'agent' : participantOf(channel);
}

function finished(results: Fields): Transcript {
  if (Array.isArray(results.audio_segments)) {
    const turnsIn = 'results.audio_segments';
    const turns = results.audio_segments.map((item, index) => {
      const where = `${turnsIn}.${index}`;
      const segment = fieldsOf(item, where);
      return {
        turnId: String(segment.id ?? index),
        participant: speakerRole(segment.speaker_label ?? segment.channel_label),
        text: textOf(segment.transcript, `${where}.transcript`),
        beginMs: msOf(segment.start_time, SECONDS, `${where}.start_time`),
        endMs: msOf(segment.end_time, SECONDS, `${where}.end_time`),
        isFinal: true,
      };
    });
    return { turnsIn, turns };
  }
  return { turnsIn: 'results.items', turns: turnsOfItems(listOf(results.items, 'results.items')) };
}

function speakerRole(label: unknown): 'agent' | 'customer' {
  return label === 'spk_0' || label === 'ch_0' ? 'agent' : participantOf(label);
}

function turnsOfItems(items: unknown[]): TranscriptTurn[] {
  const turns: TranscriptTurn[] = [];
  let speaker: unknown;
  for (const [index, item] of items.entries()) {
    const where = `results.items.${index}`;
    const fields = fieldsOf(item, where);
    const best = `${where}.alternatives.0`;
    const alternative = fieldsOf(listOf(fields.alternatives, `${where}.alternatives`)[0], best);
    const word = textOf(alternative.content, `${best}.content`);
    const last = turns.at(-1);
    if (fields.type === 'punctuation') {
      if (last) last.text += word;
      continue;
    }
    const endMs = msOf(fields.end_time, SECONDS, `${where}.end_time`);
    if (last && fields.speaker_label === speaker) {
      last.text += ` ${word}`;
      last.endMs = endMs;
      continue;
    }
    speaker = fields.speaker_label;
    const beginMs = msOf(fields.start_time, SECONDS, `${where}.start_time`);
    const participant = speakerRole(speaker);
    turns.push({
      turnId: `turn-${turns.length + 1}`,
      participant,
      text: word,
      beginMs,
      endMs,
      isFinal: true,
    });
  }
  return turns;
}
