import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { embeddedAdministratorUrl } from '../backup/backup-format';
import { seededRandom } from '../bench/event-maker';
import { backlogFree, get } from '../bench/product-figures';
import type { OwnProduct } from '../own-product';
import { type ChaosTraffic, postBatch, type Target, type Targets } from './chaos-traffic';

const DRAIN_LIMIT_MS = 180_000;
const SAMPLES = 40;
const REPLAY_BATCH = 100;
const ARCHIVE_LIMIT_MS = 60_000;

/** Everything processed and archived, and the state at rest. @returns the digest */
export async function restingDigest(product: OwnProduct): Promise<string> {
  let before = '';
  for (const deadline = Date.now() + DRAIN_LIMIT_MS; Date.now() < deadline; await pause(1_000)) {
    const isDrained = await backlogFree(product).catch(() => false);
    const answer = await get<{ digest: string }>(product, 'digest').catch(() => undefined);
    if (isDrained && answer && answer.digest === before) return before;
    before = isDrained ? (answer?.digest ?? '') : '';
  }
  throw new Error('the backlog was not drained in time');
}

/** Message ids of the run as the log held them: partition by partition in its order, all in the order of log time. */
export async function archivedIds(product: OwnProduct, prefix: string): Promise<string[]> {
  const url = embeddedAdministratorUrl(product.dataDir);
  if (!url) throw new Error('The product has no Postgres of its own.');
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; position: string }>(
      'SELECT message_id AS id, position FROM history_events WHERE message_id LIKE $1',
      [`${prefix}%`],
    );
    const placed = rows.map(({ id, position }) => ({ id, place: position.split(/[-/]/).map(Number) }));
    placed.sort((a, b) => comparePlaces(a.place, b.place));
    return placed.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) if (value !== b[index]) return value - (b[index] ?? 0);
  return 0;
}

/** Every acknowledged event is archived, and none, acknowledged or not, more than once. @returns what is wrong */
export async function onceEach(product: OwnProduct, traffic: ChaosTraffic): Promise<string[]> {
  const missing = await missingOf(product, traffic);
  const ids = await archivedIds(product, traffic.prefix);
  const problems: string[] = [];
  if (missing.length > 0)
    problems.push(`${missing.length} acknowledged events are missing, such as ${missing[0]}`);
  const doubles = ids.length - new Set(ids).size;
  if (doubles > 0) problems.push(`${doubles} events stand more than once in history`);
  // The key at hand is that of the first workspace.
  const own = ids.filter((id) => traffic.workspaceOf(id) === 0).length;
  const { events } = await get<{ events: number }>(product, 'totals');
  if (events !== own) problems.push(`GET totals counts ${events} events, history holds ${own}`);
  return problems;
}

async function missingOf(product: OwnProduct, traffic: ChaosTraffic): Promise<string[]> {
  for (const deadline = Date.now() + ARCHIVE_LIMIT_MS; ; await pause(1_000)) {
    const archived = new Set(await archivedIds(product, traffic.prefix));
    const missing = [...traffic.acknowledgedIds()].filter((id) => !archived.has(id));
    if (missing.length === 0 || Date.now() > deadline) return missing;
  }
}

/** `GET messages/{id}` of some acknowledged events, drawn by the seed: one effect, accepted once. */
export async function oneEffectEach(
  product: OwnProduct,
  traffic: ChaosTraffic,
  seed: number,
): Promise<string[]> {
  const ids = [...traffic.acknowledgedIds()].filter((id) => traffic.workspaceOf(id) === 0);
  const random = seededRandom(seed);
  const problems: string[] = [];
  for (let sample = 0; sample < Math.min(SAMPLES, ids.length); sample += 1) {
    const id = ids[Math.floor(random() * ids.length)] ?? '';
    const { attempts, effect } = await get<{ attempts: { outcome: string }[]; effect: object | null }>(
      product,
      `messages/${id}`,
    );
    const accepted = attempts.filter(({ outcome }) => outcome === 'accepted').length;
    if (accepted !== 1 || !effect) problems.push(`${id} was accepted ${accepted} times`);
  }
  return problems;
}

/** Sends the same events, each with its own id and time, to each workspace in the order in which its first log held them. */
export async function replayInto(
  { collectorUrl, writeKeys }: Targets,
  traffic: ChaosTraffic,
  ids: readonly string[],
): Promise<void> {
  const byWorkspace = Map.groupBy(ids, (id) => traffic.workspaceOf(id));
  for (const [workspace, own] of byWorkspace)
    await replayOne({ collectorUrl, writeKey: writeKeys[workspace] ?? '' }, traffic, own);
}

async function replayOne(target: Target, traffic: ChaosTraffic, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += REPLAY_BATCH) {
    const calls = ids.slice(at, at + REPLAY_BATCH).map((id) => traffic.callOf(id));
    for (let status = 0; status !== 200; ) {
      status = await postBatch(target, calls);
      if (status !== 200) await pause(200);
    }
  }
}
