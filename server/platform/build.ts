import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Build } from '@/server/core/build';

/** Everything that runs, or is drawn; the generated client follows from the schema. */
const SOURCE_FOLDERS = ['app', 'components', 'server', 'workers', 'prisma/schema', 'prisma/migrations'];
const SOURCE_FILES = ['package.json', 'package-lock.json', 'next.config.js', 'tsconfig.json'];
const NOT_RUN = /\.test\.tsx?$|-fixtures?\.ts$|\.md$|[/\\]testing[/\\]/;
const ID_DIGITS = 12;

let known: Promise<Build> | undefined;

/**
 * The build that this process runs, read from the working folder once. By what the files hold and not by a commit: a
 * container image has no git, and a changed working copy still names the commit that it is no longer.
 */
export function thisBuild(): Promise<Build> {
  known ??= readBuild(process.cwd());
  return known;
}

/** The build of the source in a folder. */
export async function readBuild(root: string): Promise<Build> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const folders = await Promise.all(SOURCE_FOLDERS.map((folder) => filesIn(root, folder)));
  const hash = createHash('sha256');
  for (const file of [...SOURCE_FILES, ...folders.flat()].sort()) {
    const content = await readFile(join(root, file)).catch(() => null);
    if (content !== null) hash.update(`${file} ${content.length}\n`).update(content);
  }
  return { version, id: hash.digest('hex').slice(0, ID_DIGITS) };
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !NOT_RUN.test(file));
}
