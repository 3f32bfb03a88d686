import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { withClient } from '@/server/platform/pg-client';
import { testDatabase } from '@/server/platform/testing/test-database';
import { restoreTables } from './restore-tables';

const folder = mkdtempSync(join(tmpdir(), 'millrace-restore-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let adminUrl: string;
let ownerUrl: string;
beforeAll(async () => {
  const { urls } = await testDatabase();
  ownerUrl = urls.owner;
  const admin = new URL(inject('servers').adminUrl);
  admin.pathname = new URL(ownerUrl).pathname;
  adminUrl = admin.href;
});

/** Columns in the order of the table, as COPY text has them. */
function backUp(rows: string[][]): void {
  const text = rows.map((row) => `${row.join('\t')}\n`).join('');
  writeFileSync(join(folder, 'notes.copy.gz'), gzipSync(text));
}

const notes = () =>
  withClient(adminUrl, async (client) => {
    const { rows } = await client.query(
      'SELECT count(*)::int AS n, sum(length(text))::int AS length FROM notes',
    );
    return rows[0];
  });

describe('restoring tables', () => {
  beforeEach(() =>
    withClient(adminUrl, async (client) => {
      await client.query('CREATE TABLE IF NOT EXISTS notes (id int PRIMARY KEY, text text NOT NULL)');
      await client.query("TRUNCATE notes; INSERT INTO notes VALUES (1, 'before')");
    }),
  );

  it('replaces what is there, more than one buffer of it', async () => {
    backUp(Array.from({ length: 50_000 }, (_, id) => [String(id), 'x'.repeat(200)]));
    await restoreTables(adminUrl, folder, ['notes']);
    expect(await notes()).toEqual({ n: 50_000, length: 10_000_000 });
  });

  it('fails at once with the reason when a row is refused, early or late, and has changed nothing', async () => {
    const many = Array.from({ length: 50_000 }, (_, id) => [String(id), 'x'.repeat(200)]);
    for (const bad of [
      [['1', 'a'], ['one', 'b'], ...many],
      [...many, ['1', 'twice']],
    ]) {
      backUp(bad);
      await expect(restoreTables(adminUrl, folder, ['notes'])).rejects.toThrow(
        /The table notes could not be put back \(.*(invalid input syntax|duplicate key).*\); the database is as it was/,
      );
      expect(await notes()).toEqual({ n: 1, length: 6 });
    }
  });

  it('fails when the file is cut off', async () => {
    writeFileSync(join(folder, 'notes.copy.gz'), gzipSync('1\ta\n2\tb\n').subarray(0, 20));
    await expect(restoreTables(adminUrl, folder, ['notes'])).rejects.toThrow(/notes could not be put back/);
    expect(await notes()).toEqual({ n: 1, length: 6 });
  });

  it('says which right a role lacks', async () => {
    await expect(restoreTables(ownerUrl, folder, [])).rejects.toThrow(/BYPASSRLS/);
  });
});
