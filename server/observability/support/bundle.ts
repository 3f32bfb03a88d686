import { setImmediate } from 'node:timers/promises';
import type { Mask } from './mask';

/** One file of the bundle. */
export interface Section {
  /** path within the bundle */
  file: string;
  /** What the file holds; anything but text becomes JSON. The signal ends it at its deadline. */
  collect(signal: AbortSignal): Promise<unknown>;
}

export interface BundleFile {
  path: string;
  text: string;
}

const DEADLINE_MS = 15_000;
const MOST_CHARACTERS = 2_000_000;
/** Of all files together. */
const MOST_IN_ALL = 16_000_000;

/**
 * Gathers every section, each within its deadline and size. One that cannot be had says why in its place. What leaves
 * has gone through the mask, whatever its section did before.
 */
export async function gather(
  sections: readonly Section[],
  mask: Mask,
  { deadlineMs = DEADLINE_MS, mostInAll = MOST_IN_ALL } = {},
): Promise<BundleFile[]> {
  const told = await Promise.all(sections.map((section) => collected(section, deadlineMs)));
  told.sort((one, other) => (one.path < other.path ? -1 : 1));
  const files: BundleFile[] = [];
  for (const one of told) {
    // The console gathers as well: what it pushes has its turn between two parts.
    await setImmediate();
    files.push({ path: one.path, text: textOf(one, mask) });
  }
  return boundedInAll(files, mostInAll);
}

function boundedInAll(files: readonly BundleFile[], most: number): BundleFile[] {
  let left = most;
  return files.map(({ path, text }) => {
    const held = bounded(text, left);
    left = Math.max(0, left - text.length);
    return { path, text: held };
  });
}

/** What a section held, or why it could not be had. */
type Collected = { path: string } & ({ held: unknown } | { error: unknown });

async function collected({ file, collect }: Section, deadlineMs: number): Promise<Collected> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${deadlineMs / 1_000} s`));
      ending.abort();
    }, deadlineMs);
  });
  try {
    return { path: file, held: await Promise.race([collect(ending.signal), late]) };
  } catch (error) {
    return { path: file, error };
  } finally {
    clearTimeout(timer);
  }
}

function textOf(one: Collected, mask: Mask): string {
  if ('error' in one) return `This part is missing: ${mask.words(reasonOf(one.error))}\n`;
  return bounded(mask.sweep(plainText(one.held)), MOST_CHARACTERS);
}

function plainText(held: unknown): string {
  if (typeof held === 'string') return held;
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
  return `${JSON.stringify(held, plain, 2)}\n`;
}

function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}\n[the rest of ${text.length} characters is left out]\n`;
}

/** Connections that fail on every address of a host tell why in the errors they sum up only. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map((one) => reasonOf(one)).join('; ');
  return error instanceof Error ? error.message : String(error);
}
