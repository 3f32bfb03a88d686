/** One turn of a conversation, whatever wrote it down. */
export interface TranscriptTurn {
  turnId: string;
  participant: 'agent' | 'customer';
  text: string;
  /** from the start of the conversation, ms */
  beginMs: number;
  endMs: number;
  isFinal: boolean;
}

/** What a document says of a conversation. */
export interface Transcript {
  /** of the conversation, when the document names it */
  contactId?: string;
  /** where in the document its turns stand */
  turnsIn: string;
  turns: TranscriptTurn[];
}

/** A document that does not have the shape it is said to have; the message tells what is wrong with the field. */
export class TranscriptShapeError extends Error {
  constructor(
    /** where in the document, or the parameter that should say it; empty: the document itself */
    readonly field: string,
    detail: string,
  ) {
    super(detail);
  }
}

export type Fields = Record<string, unknown>;

export function fieldsOf(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TranscriptShapeError(field, 'Must be a JSON object.');
  }
  return value as Fields;
}

export function listOf(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw new TranscriptShapeError(field, 'Must be a list.');
  return value;
}

export function textOf(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new TranscriptShapeError(field, 'Must be text.');
  return value;
}

/** A number of `unitMs` each, as ms; 0 when absent. Numbers may be given as text. */
export function msOf(value: unknown, unitMs: number, field: string): number {
  if (value === undefined || value === null) return 0;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) {
    throw new TranscriptShapeError(field, 'Must be a number of 0 or more.');
  }
  return Math.round(number * unitMs);
}

/** Agents call themselves many things; who is not one of them is the customer. */
export function participantOf(role: unknown): 'agent' | 'customer' {
  return typeof role === 'string' && /agent|supervisor|operator|representative|advisor|bot|system/i.test(role)
    ? 'agent'
    : 'customer';
}
