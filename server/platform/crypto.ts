import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Env } from './env';
import { makeFolder } from './folder';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEAL_VERSION = 1;

/**
 * The key everything secret is derived from: the setting, else the one kept in the data folder (mode 600), made at the
 * first call. Two processes that start at once end with the same one.
 */
export function loadMasterKey(env: Pick<Env, 'MASTER_KEY' | 'MILLRACE_DATA'>): KeyObject {
  if (env.MASTER_KEY) return createSecretKey(Buffer.from(env.MASTER_KEY, 'base64'));
  makeFolder(env.MILLRACE_DATA);
  const file = join(env.MILLRACE_DATA, 'master.key');
  if (!existsSync(file)) keepNewKey(file);
  const key = Buffer.from(readFileSync(file, 'utf8'), 'base64');
  if (key.length !== KEY_BYTES)
    throw new Error(`${file} is not a key of 32 bytes; restore it from a backup.`);
  return createSecretKey(key);
}

/** Whole and on disk before it has its name: neither another process nor a power cut meets half a key. */
function keepNewKey(file: string): void {
  const draft = `${file}.${process.pid}`;
  const handle = openSync(draft, 'w', 0o600);
  writeFileSync(handle, randomBytes(KEY_BYTES).toString('base64'));
  fsyncSync(handle);
  closeSync(handle);
  try {
    linkSync(draft, file);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    // Some file systems know no second name for a file.
    if (!isThere) renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A key for one purpose (`auth`, `dead-letters`, …): knowing it tells nothing of the others. */
export function deriveKey(master: KeyObject, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', master, '', `millrace:${purpose}`, KEY_BYTES)));
}

/** The same as text, for libraries that take a secret string. */
export function deriveSecret(master: KeyObject, purpose: string): string {
  return deriveKey(master, purpose).export().toString('base64url');
}

/** SHA-256 in hex. For keys and tokens made by us: they are long and random, so they need no slow hash. */
export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Encrypts with AES-256-GCM: version, nonce, tag, ciphertext. `context` (e.g. the workspace's id) is authenticated, so
 * that a sealed value cannot be moved elsewhere.
 */
export function seal(key: KeyObject, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(SEAL_VERSION), nonce, cipher.getAuthTag(), sealed]);
}

/** @throws Error when the key, the context or a byte differs from what was sealed */
export function unseal(key: KeyObject, sealed: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(sealed);
  if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] !== SEAL_VERSION)
    throw new Error('Not a sealed value');
  const tagAt = 1 + NONCE_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, tagAt), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(tagAt, tagAt + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(tagAt + TAG_BYTES)), decipher.final()]);
}
