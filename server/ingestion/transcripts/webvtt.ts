import { participantOf, type Transcript, TranscriptShapeError, type TranscriptTurn } from './transcript-turn';

const TIMING = /^(?:(\d{2,}):)?(\d\d):(\d\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?(\d\d):(\d\d)\.(\d{3})/;
const VOICE = /^<v(?:\.[^\s>]*)?\s+([^>]+)>/;

/** WebVTT: every cue is a turn; its voice tag (`<v Agent>`), or a name and a colon, tells who speaks. */
export function webVtt(text: string): Transcript {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (!/^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? ''))
    throw new TranscriptShapeError('', 'The first line must be WEBVTT.');
  const turns: TranscriptTurn[] = [];
  for (const block of blocksOf(lines.slice(1))) {
    const at = block.findIndex((line) => line.includes('-->'));
    if (at < 0) continue;
    turns.push(cue(block, at, turns.length));
  }
  return { turnsIn: 'cues', turns };
}

function blocksOf(lines: string[]): string[][] {
  const blocks: string[][] = [];
  let block: string[] = [];
  for (const line of [...lines, '']) {
    if (line.trim() !== '') block.push(line);
    else if (block.length > 0) {
      blocks.push(block);
      block = [];
    }
  }
  return blocks;
}

function cue(block: string[], at: number, index: number): TranscriptTurn {
  const timing = TIMING.exec((block[at] ?? '').trim());
  if (!timing) throw new TranscriptShapeError(`cues.${index}`, 'Its timing cannot be read.');
  const [beginMs, endMs] = [clock(timing.slice(1, 5)), clock(timing.slice(5, 9))];
  const payload = block.slice(at + 1).join(' ');
  const speaker = VOICE.exec(payload)?.[1] ?? /^(agent|customer|caller)\s*:/i.exec(payload)?.[1];
  const text = payload
    .replaceAll(/<[^>]*>/g, '')
    .replace(/^(agent|customer|caller)\s*:\s*/i, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
  const turnId = at > 0 ? (block[0] ?? '').trim() : `cue-${index + 1}`;
  return { turnId, participant: participantOf(speaker), text, beginMs, endMs, isFinal: true };
}

function clock([hours = '0', minutes = '0', seconds = '0', ms = '0']: (string | undefined)[]): number {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(ms);
}
