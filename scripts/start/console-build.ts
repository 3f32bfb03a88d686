import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeTurn } from './build-turn';
import { runTool, type ToolOptions } from './run-tool';

const SOURCES = [
  'app',
  'components',
  'server',
  'public',
  'prisma/schema',
  'package-lock.json',
  'next.config.js',
  'tsconfig.json',
];
const STAMP = '.next/source-hash';
const TURN = '.cache/build.pid';

/** Builds the console for production unless the sources are those of the last build. */
export async function buildConsole({
  stopping,
  onSpawn,
}: Pick<ToolOptions, 'stopping' | 'onSpawn'>): Promise<void> {
  // Two products of one folder share the build.
  const release = await takeTurn(TURN, stopping);
  try {
    const wanted = hashSources();
    if (existsSync('.next/BUILD_ID') && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
    rmSync(STAMP, { force: true });
    await runTool('Building the console', ['node_modules/next/dist/bin/next', 'build'], {
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      stopping,
      onSpawn,
    });
    writeFileSync(STAMP, wanted);
  } finally {
    release();
  }
}

function hashSources(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    if (!existsSync(source)) continue;
    const files = source.includes('.') ? [source] : filesBelow(source);
    for (const file of files) hash.update(file).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
