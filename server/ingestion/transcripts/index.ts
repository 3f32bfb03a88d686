import { parseJsonText } from '../json-text';
import { contactLens } from './contact-lens';
import { deepgram } from './deepgram';
import { transcribe } from './transcribe';
import { type Transcript, TranscriptShapeError } from './transcript-turn';
import { webVtt } from './webvtt';

export { TranscriptShapeError };

export const TRANSCRIPT_SHAPES = ['contact-lens', 'transcribe', 'deepgram', 'webvtt'] as const;
export type TranscriptShape = (typeof TRANSCRIPT_SHAPES)[number];

/** Whose conversation it is and when it began: documents do not say, so the request does. */
export interface TranscriptFacts {
  userId?: string;
  anonymousId?: string;
  contactId?: string;
  /** start of the conversation, ms */
  startedAt: number;
}

/**
 * The turns of a transcript as `Transcript Segment` calls. The same turn gives the same message id, so that a document
 * that is sent again, longer, adds only what is new.
 * @throws TranscriptShapeError when the text is not of that shape or holds no turn
 */
export function transcriptCalls(shape: TranscriptShape, text: string, facts: TranscriptFacts): object[] {
  const { contactId: stated, turnsIn, turns } = read(shape, text);
  const contactId = facts.contactId ?? stated;
  if (turns.length === 0) throw new TranscriptShapeError(turnsIn, 'Must hold at least one turn.');
  if (contactId === undefined)
    throw new TranscriptShapeError('contactId', 'The document names none: send ?contactId=.');
  return turns.map((turn) => ({
    type: 'track',
    event: 'Transcript Segment',
    messageId: `${contactId}:${turn.turnId}:${turn.isFinal ? 'final' : turn.endMs}`,
    userId: facts.userId,
    anonymousId: facts.anonymousId,
    timestamp: facts.startedAt + turn.endMs,
    properties: { contactId, ...turn },
  }));
}

function read(shape: TranscriptShape, text: string): Transcript {
  if (shape === 'webvtt') return webVtt(text);
  let document: unknown;
  try {
    document = parseJsonText(text);
  } catch {
    throw new TranscriptShapeError('', 'The body is not JSON.');
  }
  if (shape === 'contact-lens') return contactLens(document);
  return shape === 'transcribe' ? transcribe(document) : deepgram(document);
}
