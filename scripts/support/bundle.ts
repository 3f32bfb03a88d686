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

/**
 * Gathers every section, each within its deadline and size. One that cannot be had says why in its place. What leaves
 * has gone through the mask, whatever its section did before.
 */
export async function gather(
  sections: readonly Section[],
  mask: Mask,
  deadlineMs = DEADLINE_MS,
): Promise<BundleFile[]> {
  const files = await Promise.all(sections.map((section) => fileOf(section, mask, deadlineMs)));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function fileOf({ file, collect }: Section, mask: Mask, deadlineMs: number): Promise<BundleFile> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${deadlineMs / 1_000} s`));
      ending.abort();
    }, deadlineMs);
  });
  try {
    const held = await Promise.race([collect(ending.signal), late]);
    return { path: file, text: bounded(mask.sweep(textOf(held))) };
  } catch (error) {
    return { path: file, text: `This part is missing: ${mask.words(reasonOf(error))}\n` };
  } finally {
    clearTimeout(timer);
  }
}

function textOf(held: unknown): string {
  if (typeof held === 'string') return held;
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
  return `${JSON.stringify(held, plain, 2)}\n`;
}

function bounded(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS)}\n[the rest of ${text.length} characters is left out]\n`;
}

/** Connections that fail on every address of a host tell why in the errors they sum up only. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map((one) => reasonOf(one)).join('; ');
  return error instanceof Error ? error.message : String(error);
}
