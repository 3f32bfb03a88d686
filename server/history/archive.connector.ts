import pg, { type PoolClient } from 'pg';
import type { Clock } from '@/server/core/clock';
import { MOST_OTHERS } from '@/server/processors';
import {
  ARCHIVE_TABLES,
  type ArchiveBatch,
  type ArchiveTable,
  type OffsetMove,
  type StreamPlace,
} from './archive-tables';
import { copyIn } from './copy-in';
import { copyText, copyTime } from './copy-text';

const STATEMENT_LIMIT_MS = 60_000;
/** A row that stands there already: the position is its key, so a log that was set back brings it again. */
const ALREADY_THERE = '23505';
/** Classes of SQLSTATE that speak of the data itself: trying again would not help. */
const DATA_ERRORS = /^(22|23|54)/;

/** Somebody else moved a stream meanwhile: nothing was written. */
export class OffsetConflict extends Error {
  constructor() {
    super('Another archiver moved one of the streams.');
  }
}

/** The only writer of history, as the bulk role. */
export class ArchiveStore {
  readonly #pool: pg.Pool;

  constructor(
    url: string,
    readonly now: Clock,
  ) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: 2,
      application_name: 'millrace-archive',
      connectionTimeoutMillis: 5_000,
      statement_timeout: STATEMENT_LIMIT_MS,
      keepAlive: true,
    });
    this.#pool.on('error', () => undefined);
  }

  /** Where streams stand; those not known yet stand at their beginning. */
  async offsets(places: readonly StreamPlace[]): Promise<string[]> {
    if (places.length === 0) return [];
    const values = placeColumns(places);
    await this.#pool.query(
      `INSERT INTO archive_offsets (shard_id, partition, stream, "offset")
       SELECT s, p, t, '0-0' FROM unnest($1::int[], $2::int[], $3::text[]) AS wanted(s, p, t)
       ON CONFLICT DO NOTHING`,
      values,
    );
    const { rows } = await this.#pool.query<{ offset: string }>(
      `SELECT a."offset" FROM unnest($1::int[], $2::int[], $3::text[]) WITH ORDINALITY AS wanted(s, p, t, i)
       JOIN archive_offsets a ON a.shard_id = s AND a.partition = p AND a.stream = t ORDER BY i`,
      values,
    );
    return rows.map((row) => row.offset);
  }

  /** Puts a stream back to its beginning, unless it stands elsewhere by now. */
  async restart({ shardId, partition, stream }: StreamPlace, before: string): Promise<void> {
    await this.#pool.query(
      `UPDATE archive_offsets SET "offset" = '0-0', updated_at = now()
       WHERE shard_id = $1 AND partition = $2 AND stream = $3 AND "offset" = $4`,
      [shardId, partition, stream, before],
    );
  }

  /**
   * Writes a batch and moves the offsets in one transaction: exactly once, whatever dies when.
   * @returns rows that Postgres would not take in any way, kept as dead letters instead
   * @throws OffsetConflict, or the error of an unreachable server
   */
  async write(batch: ArchiveBatch): Promise<number> {
    try {
      await this.#transaction(async (client) => {
        await moveOffsets(client, batch.moves);
        for (const [table, rows] of batch.rows)
          await copyIn(client, table, ARCHIVE_TABLES[table], rows.bytes);
        await insertLinks(client, batch);
      });
      return 0;
    } catch (error) {
      if (!isDataError(error)) throw error;
      return this.#salvage(batch);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** The same batch, but what Postgres refuses is found by halving and set aside. */
  async #salvage(batch: ArchiveBatch): Promise<number> {
    let refused = 0;
    await this.#transaction(async (client) => {
      await moveOffsets(client, batch.moves);
      for (const [table, rows] of batch.rows) {
        const bad = await copyWhatGoes(client, table, rows.lines());
        refused += bad.length;
        if (table !== 'dead_letters') await keepRefused(client, table, bad, this.now());
      }
      await insertLinks(client, batch);
    });
    return refused;
  }

  async #transaction(use: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      await use(client);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: Error) => {
        broken = lost;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

function placeColumns(places: readonly StreamPlace[]): [number[], number[], string[]] {
  return [
    places.map((one) => one.shardId),
    places.map((one) => one.partition),
    places.map((one) => one.stream),
  ];
}

async function moveOffsets(client: PoolClient, moves: readonly OffsetMove[]): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE archive_offsets a SET "offset" = n.after, updated_at = now()
     FROM unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::text[]) AS n(s, p, t, before, after)
     WHERE a.shard_id = n.s AND a.partition = n.p AND a.stream = n.t AND a."offset" = n.before`,
    [...placeColumns(moves), moves.map((one) => one.before), moves.map((one) => one.after)],
  );
  if (rowCount !== moves.length) throw new OffsetConflict();
}

/** A key belongs to the customer it was linked to first; which others it was seen with is kept apart, up to a bound. */
async function insertLinks(client: PoolClient, { links }: ArchiveBatch): Promise<void> {
  if (links.length === 0) return;
  const columns = [
    links.map((link) => link.workspaceId),
    links.map((link) => link.from),
    links.map((link) => link.to),
    links.map((link) => copyTime(link.at)),
  ];
  const { rowCount } = await client.query(
    `INSERT INTO identity_links (workspace_id, from_key, to_key, linked_at)
     SELECT w, f, t, a FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS n(w, f, t, a)
     ON CONFLICT DO NOTHING`,
    columns,
  );
  if (rowCount === links.length) return;
  await client.query(
    `INSERT INTO shared_keys (workspace_id, key, customer, seen_at)
     SELECT w, f, t, a FROM (
       SELECT w, f, t, min(a) AS a, row_number() OVER (PARTITION BY w, f ORDER BY min(a), t) AS place
       FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS n(w, f, t, a)
       WHERE NOT EXISTS (SELECT FROM identity_links WHERE workspace_id = w AND from_key = f AND to_key = t)
         AND NOT EXISTS (SELECT FROM shared_keys WHERE workspace_id = w AND key = f AND customer = t)
       GROUP BY w, f, t
     ) AS others
     WHERE place + (SELECT count(*) FROM shared_keys WHERE workspace_id = w AND key = f) <= $5
     ON CONFLICT DO NOTHING`,
    [...columns, MOST_OTHERS],
  );
}

/** @returns the lines that were refused one by one; those that stand there already are passed over */
async function copyWhatGoes(
  client: PoolClient,
  table: ArchiveTable,
  lines: readonly string[],
): Promise<string[]> {
  await client.query('SAVEPOINT piece');
  try {
    await copyIn(client, table, ARCHIVE_TABLES[table], Buffer.from(lines.join('')));
    await client.query('RELEASE SAVEPOINT piece');
    return [];
  } catch (error) {
    if (!isDataError(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT piece');
    if (lines.length === 1) return codeOf(error) === ALREADY_THERE ? [] : [...lines];
    const half = Math.ceil(lines.length / 2);
    const first = await copyWhatGoes(client, table, lines.slice(0, half));
    return [...first, ...(await copyWhatGoes(client, table, lines.slice(half)))];
  }
}

/** Workspace, shard and position stand in front of every row of history. */
async function keepRefused(
  client: PoolClient,
  table: string,
  lines: readonly string[],
  at: number,
): Promise<void> {
  if (lines.length === 0) return;
  const now = copyTime(at);
  const letters = lines.map((line) => {
    const [workspace = '', shard = '0', partition = '0', position = ''] = line.split('\t');
    const detail = copyText(`Postgres refused the row for ${table}.`);
    return `${workspace}\t${shard}\tarchive:${table}:${partition}:${position}\t\t\\N\tarchive\t\\N\t${detail}\t\t\\N\t${now}\t${now}\n`;
  });
  await copyIn(client, 'dead_letters', ARCHIVE_TABLES.dead_letters, Buffer.from(letters.join('')));
}

function isDataError(error: unknown): boolean {
  return DATA_ERRORS.test(codeOf(error));
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
