import { randomBytes } from 'node:crypto';
import { sha256 } from '@/server/platform/crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 32 letters and digits, about 190 bits: enough that a plain hash of it cannot be guessed backwards. */
export function randomToken(length = 32): string {
  let token = '';
  while (token.length < length) {
    for (const byte of randomBytes(length)) {
      // Bytes above the last whole multiple would make the first letters likelier.
      if (byte < 248 && token.length < length) token += ALPHABET[byte % ALPHABET.length];
    }
  }
  return token;
}

/** The form in which a token may be kept: SHA-256, hexadecimal. */
export function hashToken(token: string): string {
  return sha256(token);
}

/** A key as it is shown once, and what is kept of it. */
export interface FreshKey {
  key: string;
  hash: string;
  hint: string;
}

/** A new key of this prefix (`mw_` write key, `mk_` API key), or what is kept of one that exists. */
export function newKey(prefix: 'mw_' | 'mk_', key = prefix + randomToken()): FreshKey {
  return { key, hash: hashToken(key), hint: hintOf(key) };
}

/** Enough of a key to tell it from others: its first seven and last four characters. */
export function hintOf(key: string): string {
  return `${key.slice(0, 7)}…${key.slice(-4)}`;
}
