import { hash } from 'node:crypto';
import { partitionOf } from '@/server/core/partition';
import type { AppendEvent } from './event-log';
import type { CustomerEvent } from './records';

/** Hexadecimal digits of the hash that choose the sub-bucket (12 bits), and that are kept in it (52 bits). */
const BUCKET_DIGITS = 3;
const ID_DIGITS = 16;

/**
 * Serialises an event for the log. The order of its keys is part of the format: what stands before `"y"` is what a
 * repeat of it keeps.
 */
function serialiseEvent(event: CustomerEvent, repeats: string, propertiesJson: string): string {
  const link = event.l === undefined ? '' : `,"l":${JSON.stringify(event.l)}`;
  const second = event.l2 === undefined ? '' : `,"l2":${JSON.stringify(event.l2)}`;
  const repeat = repeats === '' ? '' : `,"rk":"${repeats}"`;
  const trace = event.tp === undefined ? '' : `,"tp":${JSON.stringify(event.tp)}`;
  const signals = event.cs === undefined ? '' : `,"cs":${JSON.stringify(event.cs)}`;
  return (
    `{"k":"e","id":${JSON.stringify(event.id)},"c":${JSON.stringify(event.c)},"t":${event.t},"r":${event.r}` +
    `,"s":${JSON.stringify(event.s)},"y":"${event.y}"${link}${second}${repeat}${signals},"n":${JSON.stringify(event.n)}` +
    `,"pl":"${event.pl}","p":${propertiesJson}${trace}}`
  );
}

/** The sub-bucket in which what repeats is looked for, by its hexadecimal digest. */
const idBucketOf = (digits: string): string => String(Number.parseInt(digits.slice(0, BUCKET_DIGITS), 16));

/** What is kept of the digest in its sub-bucket. */
const idValueOf = (digits: string): string =>
  String(Number.parseInt(digits.slice(BUCKET_DIGITS, ID_DIGITS), 16));

/** What a retry of a refused event has in common with its first attempt, as a digest. */
export function refusalDigest(sourceId: string, ...parts: readonly string[]): string {
  return hash('sha256', ['refused', sourceId, ...parts].join('\n'), 'hex').slice(0, ID_DIGITS);
}

/** What repeats, as a digest, salted with the source it came from. */
export function repeatKey(sourceId: string, dedupKey: string): string {
  return hash('sha256', `${sourceId}\n${dedupKey}`, 'hex').slice(0, ID_DIGITS);
}

/** Where a digest is kept, and as what. */
export function idPlace(digits: string): { idBucket: string; idValue: string } {
  return { idBucket: idBucketOf(digits), idValue: idValueOf(digits) };
}

/**
 * Makes an event ready for the log. `dedupKey` is what repeats (the message id, or a CloudEvent's source and id);
 * it is salted with the event's source, so that two write keys never hide each other's events.
 */
export function encodeEvent(
  event: CustomerEvent,
  dedupKey: string,
  partitions: number,
  propertiesJson = JSON.stringify(event.p),
): AppendEvent {
  const repeats = repeatKey(event.s, dedupKey);
  return {
    partition: partitionOf(event.c, partitions),
    ...idPlace(repeats),
    // History makes the digest again from the message id where that is all there is to it.
    json: serialiseEvent(event, dedupKey === event.id ? '' : repeats, propertiesJson),
  };
}
