import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it. Node's own `recursive` tries for ever where the system refuses with "no such
 * file", as it does below `/proc`.
 * @throws Error of the system when one of them cannot be made
 */
export function makeFolder(path: string, mode?: number): void {
  const missing: string[] = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) makeOne(folder, mode);
}

function makeOne(folder: string, mode: number | undefined): void {
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!(codeOf(error) === 'EEXIST' && existsSync(folder))) throw error;
  }
}

const REASONS: Record<string, string> = {
  EACCES: 'this user has no right to',
  EPERM: 'it belongs to another user',
  EROFS: 'the file system is read-only',
  ENOENT: 'the system makes no folder there',
  ENOTDIR: 'a file stands where a folder should be',
  EEXIST: 'a file stands where a folder should be',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  ENAMETOOLONG: 'the name is too long',
};

/** Why a file or folder could not be written, in a few words. */
export function whyNotWritten(error: unknown): string {
  return REASONS[codeOf(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
