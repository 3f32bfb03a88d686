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

/**
 * Amazon Connect Contact Lens: the real-time segment stream (`Segments` of utterances and transcripts) and the output
 * files of calls and chats after their end (`Transcript`).
 */
export function contactLens(document: unknown): Transcript {
  const root = fieldsOf(document, '');
  const metadata =
    typeof root.CustomerMetadata === 'object' ? (root.CustomerMetadata as Fields | null) : null;
  const contact = root.ContactId ?? metadata?.ContactId;
  const contactId = typeof contact === 'string' && contact !== '' ? contact : undefined;
  if (Array.isArray(root.Segments)) {
    return { contactId, turnsIn: 'Segments', turns: segments(root.Segments) };
  }
  if (root.Transcript === undefined)
    throw new TranscriptShapeError('Segments', 'Must be there, or Transcript.');
  const items = listOf(root.Transcript, 'Transcript');
  return { contactId, turnsIn: 'Transcript', turns: afterEnd(items, rolesOf(root.Participants)) };
}

function segments(items: unknown[]): TranscriptTurn[] {
  const turns: TranscriptTurn[] = [];
  for (const [index, item] of items.entries()) {
    const segment = fieldsOf(item, `Segments.${index}`);
    const where = `Segments.${index}.${segment.Transcript === undefined ? 'Utterance' : 'Transcript'}`;
    const final = segment.Transcript;
    const part = final ?? segment.Utterance;
    if (part === undefined) continue;
    const fields = fieldsOf(part, where);
    const content = final === undefined ? 'PartialContent' : 'Content';
    const id = fields.TranscriptId ?? fields.Id;
    turns.push({
      turnId: idOf(id, fields, index),
      participant: participantOf(fields.ParticipantRole ?? fields.ParticipantId),
      text: textOf(fields[content], `${where}.${content}`),
      ...offsets(fields, where),
      isFinal: final !== undefined,
    });
  }
  return turns;
}

function afterEnd(items: unknown[], roles: Map<string, string>): TranscriptTurn[] {
  const turns: TranscriptTurn[] = [];
  let startedAt = Number.NaN;
  for (const [index, item] of items.entries()) {
    const fields = fieldsOf(item, `Transcript.${index}`);
    if (typeof fields.Content !== 'string') continue;
    const who = String(fields.ParticipantRole ?? fields.ParticipantId ?? '');
    // Chats have the time of day of each message instead of offsets.
    const said = typeof fields.AbsoluteTime === 'string' ? Date.parse(fields.AbsoluteTime) : Number.NaN;
    if (Number.isNaN(startedAt)) startedAt = said;
    const sinceStart = Number.isNaN(said) ? undefined : Math.max(0, said - startedAt);
    turns.push({
      turnId: idOf(fields.Id, fields, index),
      participant: participantOf(roles.get(who) ?? who),
      text: fields.Content,
      ...(sinceStart === undefined
        ? offsets(fields, `Transcript.${index}`)
        : { beginMs: sinceStart, endMs: sinceStart }),
      isFinal: true,
    });
  }
  return turns;
}

function rolesOf(participants: unknown): Map<string, string> {
  const roles = new Map<string, string>();
  for (const item of Array.isArray(participants) ? participants : []) {
    const { ParticipantId: id, ParticipantRole: role } = fieldsOf(item, 'Participants');
    if (typeof id === 'string' && typeof role === 'string') roles.set(id, role);
  }
  return roles;
}

function offsets(fields: Fields, where: string): { beginMs: number; endMs: number } {
  const beginMs = msOf(fields.BeginOffsetMillis, 1, `${where}.BeginOffsetMillis`);
  return { beginMs, endMs: Math.max(beginMs, msOf(fields.EndOffsetMillis, 1, `${where}.EndOffsetMillis`)) };
}

/** Examples and exports with blanked ids repeat them: the place in time then tells turns apart. */
function idOf(id: unknown, fields: Fields, index: number): string {
  const known = typeof id === 'string' && id !== '' && !id.includes(' ');
  if (known) return id;
  return `${fields.BeginOffsetMillis ?? index}-${fields.ParticipantRole ?? fields.ParticipantId ?? ''}`;
}
