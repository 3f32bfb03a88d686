import { globSync, readFileSync } from 'node:fs';

/** A run of this many lines that say something, standing twice, is a block that wants to be one. */
const BLOCK_LINES = 14;
const FILES = '{app,components,server,workers,scripts,e2e}/**/*.{ts,tsx,mjs}';
const SKIPPED = /\.(test|spec)\.tsx?$/;

interface Line {
  readonly text: string;
  readonly number: number;
}

interface Place {
  readonly file: string;
  readonly number: number;
}

/** Blocks of code that stand twice, in one file or in two. Imports, brackets and comments do not count as lines. */
export async function doubledBlocks(): Promise<string> {
  const seen = new Map<string, Place>();
  const found: string[] = [];
  for (const file of globSync(FILES).sort()) {
    if (SKIPPED.test(file)) continue;
    const lines = meaningful(readFileSync(file, 'utf8'));
    for (let at = 0; at + BLOCK_LINES <= lines.length; at += 1) {
      const block = lines.slice(at, at + BLOCK_LINES);
      const [{ number } = { number: 0 }] = block;
      const key = block.map(({ text }) => text).join('\n');
      const first = seen.get(key);
      if (!first) {
        seen.set(key, { file, number });
      } else {
        found.push(`  ${first.file}:${first.number} stands again at ${file}:${number}`);
        at += BLOCK_LINES - 1;
      }
    }
  }
  return found.join('\n');
}

function meaningful(text: string): Line[] {
  const withoutImports = text.replaceAll(/^(import|export) [^;]*? from '[^']*';$/gms, (match) =>
    match.replaceAll(/[^\n]/g, ''),
  );
  return withoutImports
    .split('\n')
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter(({ text: line }) => /[a-z0-9]/i.test(line) && !/^(\/\/|\/?\*)/.test(line));
}
