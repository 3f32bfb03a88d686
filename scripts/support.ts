/**
 * `npm run support -- <file.tar.gz or folder>`: what somebody who helps needs to see of this installation, and nothing of
 * customers or secrets. Works while parts of it are down: what is missing says why.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { listFirings } from '@/server/alerts';
import type { BundleFile } from '@/server/observability/support/bundle';
import { archiveOf, supportBundle } from '@/server/observability/support/support-bundle';
import { closeConnections, processDeps } from '@/server/platform/connections';
import { loadEnv, SettingError } from '@/server/platform/env';
import { detailedLagOf } from '@/server/scaling';

const isArchive = (place: string) => /\.(tar\.gz|tgz)$/.test(place);

const target = process.argv[2];
if (!target || process.argv.length > 3) {
  console.error('Say where to: npm run support -- <file.tar.gz or new folder>');
  process.exit(2);
}
process.exit(await support(resolve(target)));

async function support(place: string): Promise<number> {
  try {
    assertFree(place);
    const ports = { lagOf: detailedLagOf, firingsOf: listFirings };
    const files = await supportBundle(loadEnv(), processDeps, ports);
    await write(place, files);
    const missing = files
      .filter(({ text }) => text.startsWith('This part is missing'))
      .map(({ path }) => path);
    console.log(`Wrote ${files.length} parts to ${place}.`);
    if (missing.length > 0) console.log(`Not to be had, each says why: ${missing.join(', ')}.`);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return error instanceof SettingError ? 2 : 1;
  } finally {
    await closeConnections().catch(() => undefined);
  }
}

/** @throws Error when something stands there that would be written over */
function assertFree(place: string): void {
  if (!existsSync(place)) return;
  if (isArchive(place) || readdirSync(place).length > 0)
    throw new Error(`${place} is there; name a new place.`);
}

async function write(place: string, files: readonly BundleFile[]): Promise<void> {
  if (isArchive(place)) {
    mkdirSync(dirname(place), { recursive: true });
    const folder = basename(place).replace(/\.(tar\.gz|tgz)$/, '');
    writeFileSync(place, await archiveOf(files, folder.slice(0, 60), new Date()), { mode: 0o600 });
    return;
  }
  for (const { path, text } of files) {
    const file = join(place, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
  }
}
