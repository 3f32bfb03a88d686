import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

/** A write that was under way when the power went is smaller than this. */
const MOST_TORN_BYTES = 1024 * 1024;
const WINDOW_BYTES = 4 * 1024 * 1024;
/** The beginning of a command in the protocol of Redis. */
const COMMAND = /\*[1-9]\d{0,6}\r\n\$\d{1,9}\r\n/;
const NEWLINE = 10;

export interface TornLog {
  file: string;
  /** end of the last command that is whole */
  wholeBytes: number;
  cutBytes: number;
}

/**
 * A file that grows at the end may, after a power cut, end in bytes that were never written: zeros, or what lay there
 * before. Redis takes a file that stops short, and refuses this. Such a tail was never acknowledged, since every answer
 * waits for the disk: it is cut off. Damage with whole commands behind it is something else, and left for a person.
 *
 * @param dataDir folder of one Redis
 * @returns what was cut, or null when the damage is not of this kind
 */
export function cutTornTail(dataDir: string): TornLog | null {
  const file = newestLog(dataDir);
  if (!file) return null;
  const { wholeBytes, badAt, size } = scan(file);
  if (badAt === null || size - badAt > MOST_TORN_BYTES) return null;
  if (COMMAND.test(tailOf(file, badAt + 1).toString('latin1'))) return null;
  truncateSync(file, wholeBytes);
  return { file, wholeBytes, cutBytes: size - wholeBytes };
}

/** The file that is being appended to, by the manifest of the folder (Redis 7 and later). */
function newestLog(dataDir: string): string | null {
  const folder = join(dataDir, 'appendonlydir');
  const manifest = join(folder, 'appendonly.aof.manifest');
  if (!existsSync(manifest)) return null;
  const lines = readFileSync(manifest, 'utf8').trim().split('\n');
  const newest = lines.findLast((line) => line.endsWith('type i'));
  const name = /^file (\S+) /.exec(newest ?? '')?.[1];
  return name ? join(folder, name) : null;
}

function tailOf(file: string, from: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const tail = Buffer.alloc(fstatSync(handle).size - from);
    readSync(handle, tail, 0, tail.length, from);
    return tail;
  } finally {
    closeSync(handle);
  }
}

/** Reads commands one after the other, as far as they are whole; those of a transaction count from its end. */
function scan(file: string): { wholeBytes: number; badAt: number | null; size: number } {
  const handle = openSync(file, 'r');
  try {
    const reader = new ByteReader(handle);
    let wholeBytes = 0;
    let isInTransaction = false;
    while (reader.at < reader.size) {
      const began = reader.at;
      const name = readCommand(reader);
      if (name === null) return { wholeBytes, badAt: began, size: reader.size };
      if (name === 'multi') isInTransaction = true;
      if (name === 'exec') isInTransaction = false;
      if (!isInTransaction) wholeBytes = reader.at;
    }
    return { wholeBytes, badAt: null, size: reader.size };
  } finally {
    closeSync(handle);
  }
}

/** @returns its name in lower case (empty for a remark between commands), or null when there is no whole command */
function readCommand(reader: ByteReader): string | null {
  const head = reader.line();
  if (head === null) return null;
  if (head.startsWith('#')) return '';
  if (!/^\*[1-9]\d*$/.test(head)) return null;
  let name = '';
  for (let left = Number(head.slice(1)); left > 0; left -= 1) {
    const length = reader.line();
    if (length === null || !/^\$\d+$/.test(length)) return null;
    const start = reader.at;
    if (!reader.skip(Number(length.slice(1)))) return null;
    if (name === '') name = reader.text(start, Math.min(reader.at, start + 16)).toLowerCase();
    if (reader.line() !== '') return null;
  }
  return name;
}

/** Reads a file of any size through a window. */
class ByteReader {
  at = 0;
  readonly size: number;
  readonly #handle: number;
  readonly #window = Buffer.alloc(WINDOW_BYTES);
  #windowAt = 0;
  #windowBytes = 0;

  constructor(handle: number) {
    this.#handle = handle;
    this.size = fstatSync(handle).size;
  }

  /** A short line without its end, or null when there is none. */
  line(): string | null {
    this.#cover(64);
    const from = this.at - this.#windowAt;
    const end = this.#window.subarray(from, Math.min(from + 64, this.#windowBytes)).indexOf(NEWLINE);
    if (end < 0) return null;
    const text = this.#window.toString('latin1', from, from + end);
    if (!text.endsWith('\r') && !text.startsWith('#')) return null;
    this.at += end + 1;
    return text.replace(/\r$/, '');
  }

  /** @returns false when the file ends before */
  skip(bytes: number): boolean {
    if (this.at + bytes > this.size) return false;
    this.at += bytes;
    return true;
  }

  text(from: number, to: number): string {
    const part = Buffer.alloc(to - from);
    readSync(this.#handle, part, 0, part.length, from);
    return part.toString('latin1');
  }

  #cover(bytes: number): void {
    const isCovered =
      this.at >= this.#windowAt && Math.min(this.at + bytes, this.size) <= this.#windowAt + this.#windowBytes;
    if (isCovered) return;
    this.#windowAt = this.at;
    this.#windowBytes = readSync(this.#handle, this.#window, 0, WINDOW_BYTES, this.at);
  }
}
