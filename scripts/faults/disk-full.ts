/**
 * The log's disk fills up under load. The collector must stop acknowledging and say so; the console must stay; once
 * there is room again everything acknowledged must be counted once.
 *
 * Needs the right to mount a small tmpfs (root on Linux); elsewhere it is skipped aloud.
 * Usage: tsx scripts/faults/disk-full.ts
 * Ends with one line `N passed, N failed, N skipped`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, sleep } from '../bench/processes';
import { countedEvents, drain } from '../bench/product-figures';
import { type OwnProduct, startOwnProduct } from '../own-product';

const SIZE_MB = 700;
/** Until the disk is full to the last, ms; the load goes on for longer. */
const FULL_LIMIT_MS = 25_000;

function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
}

/** Leaves next to nothing free; what others write meanwhile may fill the rest before this does. */
function fill(disk: string, filler: string): void {
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 1_000_000)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/**
 * One event after the other until one is not taken: how soon that is depends on how fast the load fills what is left.
 * @returns the answer to that one; undefined when there was none
 */
async function firstRefusal(product: OwnProduct): Promise<{ answer: Response | undefined; taken: number }> {
  const deadline = Date.now() + FULL_LIMIT_MS;
  for (let taken = 0; ; taken += 1) {
    const answer = await fetch(`${product.collectorUrl}/v1/track`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${product.keys.writeKey}:`).toString('base64')}`,
      },
      body: JSON.stringify({ userId: 'disk', event: 'Product Viewed' }),
      signal: AbortSignal.timeout(15_000),
    }).catch(() => undefined);
    if (answer?.status !== 200) return { answer, taken };
    if (Date.now() > deadline) return { answer, taken: taken + 1 };
    await sleep(500);
  }
}

async function problemsOfFullDisk(disk: string): Promise<string[]> {
  const problems: string[] = [];
  const product = await startOwnProduct({}, join(disk, 'data'));
  const filler = join(disk, 'filler');
  const target = { url: product.collectorUrl, writeKey: product.keys.writeKey, connections: 4, rate: 500 };
  try {
    const sending = load({ ...target, seconds: 40, seed: 31 });
    await sleep(5_000);
    fill(disk, filler);
    const { answer, taken } = await firstRefusal(product);
    if (answer?.status !== 503)
      problems.push(`with the disk full the collector answered ${answer?.status}, not 503`);
    else if (!answer.headers.get('retry-after')) problems.push('503 without Retry-After');
    const page = await fetch(`${product.consoleUrl}/sign-in`).catch(() => undefined);
    if (page?.status !== 200) problems.push(`with the disk full the console answered ${page?.status}`);
    rmSync(filler);
    const sent = await sending;
    await drain(product);
    const acknowledged = sent.accepted + taken;
    const events = await countedEvents(product, acknowledged);
    if (events !== acknowledged) problems.push(`${events} events counted, ${acknowledged} acknowledged`);
    process.stdout.write(`      ${acknowledged} acknowledged, ${sent.retried} asked to come again\n`);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  } finally {
    await product.stop();
  }
  return problems;
}

const disk = mountSmallDisk();
if (!disk) {
  process.stdout.write(
    'skipped  disk full: no right to mount a small disk here\n0 passed, 0 failed, 1 skipped\n',
  );
} else {
  try {
    const problems = await problemsOfFullDisk(disk);
    process.stdout.write(`${problems.length === 0 ? 'ok' : 'FAILED'}  the log's disk full\n`);
    for (const problem of problems) process.stdout.write(`      ${problem}\n`);
    process.stdout.write(problems.length === 0 ? '1 passed, 0 failed\n' : '0 passed, 1 failed\n');
    process.exitCode = problems.length === 0 ? 0 : 1;
  } finally {
    execFileSync('umount', ['-l', disk], { stdio: 'ignore' });
    rmSync(disk, { recursive: true, force: true });
  }
}
