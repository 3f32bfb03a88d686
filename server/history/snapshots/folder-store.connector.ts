import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { makeFolder } from '@/server/platform/folder';
import { assertObjectName, type SnapshotStore } from './snapshot-store';

/** Files being written begin so: a crash leaves one that no list shows. */
const DRAFT = '.draft-';
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Snapshots as files of a folder, which may be a mounted disk of another machine. */
export function folderStore(root: string): SnapshotStore {
  const fileOf = (name: string) => {
    assertObjectName(name);
    return join(root, name);
  };
  return {
    kind: 'folder',
    put: (name, bytes) => writeWhole(fileOf(name), bytes),
    get: (name) => readFile(fileOf(name)).catch(nullWhenMissing),
    async list(prefix) {
      // Only below the prefix's own folder: there is one for each partition.
      const folder = join(root, prefix.slice(0, prefix.lastIndexOf('/') + 1));
      const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(nullWhenMissing);
      return (found ?? [])
        .filter((entry) => entry.isFile() && !entry.name.startsWith(DRAFT))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((name) => name.startsWith(prefix))
        .sort();
    },
    remove: (name) => rm(fileOf(name), { force: true }),
  };
}

/** Whole and on disk before it has its name. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(file);
  makeFolder(folder, PRIVATE_FOLDER);
  const draft = join(
    folder,
    `${DRAFT}${createHash('sha1').update(file).digest('hex')}${randomBytes(6).toString('hex')}`,
  );
  try {
    const handle = await open(draft, 'w', PRIVATE_FILE);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const parent = await open(folder, 'r');
  await parent.sync().finally(() => parent.close());
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
