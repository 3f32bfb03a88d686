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
 * Amazon Connect Contact Lens: the real-time segments of calls and chats (`Segments` of utterances and transcripts) and
 * their output files after the end (`Transcript`).
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
  const placeOf = sinceFirst();
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
      ...placeOf(fields, where),
      isFinal: final !== undefined,
    });
  }
  return turns;
}

function afterEnd(items: unknown[], roles: Map<string, string>): TranscriptTurn[] {
  const turns: TranscriptTurn[] = [];
  const placeOf = sinceFirst();
  for (const [index, item] of items.entries()) {
    const fields = fieldsOf(item, `Transcript.${index}`);
    if (typeof fields.Content !== 'string') continue;
    const who = String(fields.ParticipantRole ?? fields.ParticipantId ?? '');
    turns.push({
      turnId: idOf(fields.Id, fields, index),
      participant: participantOf(roles.get(who) ?? who),
      text: fields.Content,
      ...placeOf(fields, `Transcript.${index}`),
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

interface Place {
  beginMs: number;
  endMs: number;
}

/** Where each turn stands. Chats have the time of day of each message instead of offsets: they count from the first. */
function sinceFirst(): (fields: Fields, where: string) => Place {
  let startedAt = Number.NaN;
  return (fields, where) => {
    const said = timeOfDay(fields);
    if (Number.isNaN(startedAt)) startedAt = said;
    if (Number.isNaN(said)) return offsets(fields, where);
    const since = Math.max(0, said - startedAt);
    return { beginMs: since, endMs: since };
  };
}

/** In files beside the content, in real-time segments in `Time`; NaN of a turn of a call. */
function timeOfDay({ AbsoluteTime, Time }: Fields): number {
  const time = typeof Time === 'object' && Time !== null ? (Time as Fields).AbsoluteTime : AbsoluteTime;
  return typeof time === 'string' ? Date.parse(time) : Number.NaN;
}

function offsets(fields: Fields, where: string): Place {
  const beginMs = msOf(fields.BeginOffsetMillis, 1, `${where}.BeginOffsetMillis`);
  return { beginMs, endMs: Math.max(beginMs, msOf(fields.EndOffsetMillis, 1, `${where}.EndOffsetMillis`)) };
}

/** Examples and exports with blanked ids repeat them: the place in time then tells turns apart. */
function idOf(id: unknown, fields: Fields, index: number): string {
  const known = typeof id === 'string' && id !== '' && !id.includes(' ');
  if (known) return id;
  return `${fields.BeginOffsetMillis ?? index}-${fields.ParticipantRole ?? fields.ParticipantId ?? ''}`;
}
