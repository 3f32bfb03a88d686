import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parseTime } from '@/server/ingestion/event-time';
import { customerCalls } from './customers';
import { FileError } from './file-error';
import { ibmShopCall } from './ibm-shop';
import { LineError } from './line-error';
import { onlineRetailCalls } from './online-retail';
import type { SegmentCall, TimedCall } from './segment-call';

export const FORMATS = ['ndjson', 'ibm-shop', 'online-retail', 'customers'] as const;
export type Format = (typeof FORMATS)[number];

/**
 * The calls of a file in its own order (gzip by its name).
 * @throws LineError naming the line that cannot be read, FileError where that is the file
 */
export async function* readCalls(file: string, format: Format): AsyncGenerator<TimedCall> {
  if (format === 'online-retail') {
    const lines: string[] = [];
    for await (const line of linesOf(file)) lines.push(line);
    for (const call of onlineRetailCalls(lines)) yield { at: Date.parse(call.timestamp), call };
    return;
  }
  if (format === 'customers') {
    for await (const call of customerCalls(linesOf(file))) yield { at: Date.parse(call.timestamp), call };
    return;
  }
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    if (line.trim() === '') continue;
    yield timed(format === 'ibm-shop' ? ibmShopCall(line, number) : segmentCall(line, number), number);
  }
}

/** As it is archived: beside or instead of the time, that by the sender's clock and when that sent it. Unchecked. */
type ArchivedCall = SegmentCall & { originalTimestamp: string; sentAt: string };

function segmentCall(line: string, number: number): SegmentCall {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new LineError(number, 'is not JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null) throw new LineError(number, 'is not a JSON object.');
  // When it was first sent says nothing of the clock now: the collector would move the call by the years between.
  const { sentAt, ...call } = parsed as ArchivedCall;
  return {
    ...call,
    messageId: call.messageId ?? lineId(line, number),
    timestamp: call.timestamp ?? call.originalTimestamp,
  };
}

/** The same file sent again brings the same ids, another one others; calls of one time stay in the order of their lines. */
function lineId(line: string, number: number): string {
  const digest = createHash('sha256').update(line).digest('hex').slice(0, 16);
  return `line-${String(number).padStart(10, '0')}-${digest}`;
}

function timed(call: SegmentCall, number: number): TimedCall {
  // Read as the collector reads it: without a zone it is UTC.
  const at = call.timestamp === undefined ? Date.now() : parseTime(call.timestamp);
  if (Number.isNaN(at)) throw new LineError(number, 'has no timestamp that can be read.');
  return { at, call };
}

function withoutByteOrderMark(line: string): string {
  return line.startsWith('\uFEFF') ? line.slice(1) : line;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file);
  // What goes wrong in either is thrown to whoever reads the lines.
  const input = file.endsWith('.gz') ? pipeline(raw, createGunzip(), () => undefined) : raw;
  try {
    let isFirst = true;
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      yield isFirst ? withoutByteOrderMark(line) : line;
      isFirst = false;
    }
  } catch (cause) {
    throw new FileError(file, cause);
  } finally {
    // Who stops at a line hears no more of the rest, damaged or not.
    input.destroy();
  }
}

/** First and last time in a file, and how many calls it holds. */
export async function extentOf(
  file: string,
  format: Format,
): Promise<{ first: number; last: number; count: number }> {
  const extent = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, count: 0 };
  for await (const { at } of readCalls(file, format)) {
    extent.first = Math.min(extent.first, at);
    extent.last = Math.max(extent.last, at);
    extent.count += 1;
  }
  return extent;
}
