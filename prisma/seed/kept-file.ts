import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { makeFolder } from '@/server/platform/folder';

/** Reads a small JSON file of the data folder; null when it is not there or not of this form. */
export function readKept<T>(file: string, schema: z.ZodType<T>): T | null {
  if (!existsSync(file)) return null;
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Writes it so that only its owner may read it: it opens doors. */
export function writeKept(file: string, value: unknown): void {
  makeFolder(dirname(file));
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

export function removeKept(file: string): void {
  rmSync(file, { force: true });
}
