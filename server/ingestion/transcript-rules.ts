import { MAX_KEY_LENGTH } from '@/server/core/key-length';
import { type Refusal, refuse } from './refusal';

type Properties = Record<string, unknown>;

const PARTICIPANTS = ['agent', 'customer'];
/** Spellings of the contact that are understood, the interface's own first. */
const CONTACT_FIELDS = ['contactId', 'contact_id', 'call_id'];
const OFFSETS = ['beginMs', 'endMs'];

/** Refuses a `Transcript Segment` that could not be put in its place in a conversation, or would be taken wrongly. */
export function checkTranscript(name: string, properties: Properties): Refusal | null {
  if (name !== 'Transcript Segment') return null;
  if (!CONTACT_FIELDS.some((field) => isId(properties[field]))) {
    return invalid('contactId', `Must be text of 1 to ${MAX_KEY_LENGTH} characters.`);
  }
  const { turnId, participant, text, isFinal } = properties;
  if (isGiven(turnId) && !isId(turnId)) {
    return invalid('turnId', `Must be text of 1 to ${MAX_KEY_LENGTH} characters.`);
  }
  if (!PARTICIPANTS.includes(participant as string)) {
    return invalid('participant', `Must be ${PARTICIPANTS.join(' or ')}.`);
  }
  if (typeof text !== 'string') return invalid('text', 'Must be text.');
  const misplaced = OFFSETS.find((field) => isGiven(properties[field]) && !isOffset(properties[field]));
  if (misplaced) return invalid(misplaced, 'Must be milliseconds since the conversation began, 0 or more.');
  if (isGiven(isFinal) && typeof isFinal !== 'boolean') return invalid('isFinal', 'Must be true or false.');
  return null;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isId(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value === 'string' && value !== '' && value.length <= MAX_KEY_LENGTH;
}

function isOffset(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function invalid(field: string, detail: string): Refusal {
  return refuse('invalid', `properties.${field}`, detail);
}
