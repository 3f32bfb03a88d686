import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, gunzipSync, inflate } from 'node:zlib';
import { Fault } from '@/server/core/fault';
import { MAX_BODY_BYTES } from './limits';

/** Small bodies are unpacked at once: cheaper than a trip to the thread pool. */
const SYNC_BYTES = 16 * 1024;
/**
 * Read and thrown away of a body that is too large before it is answered: most senders read no answer before they have
 * sent all, and find the connection broken instead. Beyond this it is broken.
 */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

const unpack = {
  gunzip: promisify(gunzip),
  inflate: promisify(inflate),
  brotli: promisify(brotliDecompress),
};

/**
 * The body as bytes, still packed.
 * @throws Fault `too_large` beyond the limit, `bad_request` when the sender broke off
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  const stated = Number(request.headers['content-length'] ?? 0);
  if (stated > MAX_DISCARDED_BYTES) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > MAX_DISCARDED_BYTES) reject(tooLarge());
    });
    request.on('end', () => {
      if (bytes > MAX_BODY_BYTES) reject(tooLarge());
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    const brokeOff = () => reject(new Fault('bad_request', 'The request broke off.'));
    // The one error of a request: its connection was lost.
    request.on('error', brokeOff);
    // Every request closes in the end: making an error for each would be a cost of the hot path.
    request.on('close', () => {
      if (!request.complete) brokeOff();
    });
  });
}

function tooLarge(): Fault {
  return new Fault('too_large', 'A request may have 500 KB at most, unpacked.');
}

/**
 * The body as text, unpacked as `Content-Encoding` says.
 * @throws Fault `too_large` when it unpacks to more than the limit, `bad_request` when it cannot be read
 */
export function bodyText(packed: Buffer, stated: string | undefined): string | Promise<string> {
  const encoding = stated?.trim().toLowerCase();
  if (encoding === undefined || encoding === 'identity') return textOf(packed);
  if ((encoding === 'gzip' || encoding === 'x-gzip') && packed.length <= SYNC_BYTES) {
    try {
      return textOf(gunzipSync(packed, { maxOutputLength: MAX_BODY_BYTES }));
    } catch (error) {
      throw unpackFault(error);
    }
  }
  return unpackLater(packed, encoding);
}

async function unpackLater(packed: Buffer, encoding: string): Promise<string> {
  const kind = { gzip: 'gunzip', 'x-gzip': 'gunzip', deflate: 'inflate', br: 'brotli' }[encoding];
  const how = kind === undefined ? undefined : unpack[kind as keyof typeof unpack];
  if (how === undefined) throw new Fault('bad_request', 'Content-Encoding must be gzip, deflate or br.');
  try {
    return textOf(await how(packed, { maxOutputLength: MAX_BODY_BYTES }));
  } catch (error) {
    throw unpackFault(error);
  }
}

function unpackFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge();
  return new Fault('bad_request', 'The body cannot be unpacked as its Content-Encoding says.');
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Fault('bad_request', 'The body is not UTF-8.');
  return bytes.toString('utf8');
}
