import { describe, expect, it } from 'vitest';
import type { CsvRecord } from '@/server/ingestion/customer-import/csv-records.schema';
import { type ImportProgress, previewOf, runImport } from './import-run';

const OK = { taken: 0, repeated: 0, refused: 0, refusedRows: [] };

function importOf(text: string, send: (rows: CsvRecord[]) => Promise<typeof OK> = async () => OK) {
  const told: ImportProgress[] = [];
  const stop = new AbortController();
  const run = runImport({
    file: new Blob([text]),
    send,
    isPassing: (error) => error instanceof Error && error.message === 'wait',
    onProgress: (progress) => told.push(progress),
    signal: stop.signal,
    wait: async () => undefined,
  });
  return { run, told, stop };
}

describe('a file of customers', () => {
  it('is previewed by its first lines', async () => {
    const preview = await previewOf(new Blob(['id;name\n1;Ann\n2;Bob\n3;Cy\n4;Di\n']));
    expect(preview).toEqual({
      titles: ['id', 'name'],
      rows: [
        ['1', 'Ann'],
        ['2', 'Bob'],
        ['3', 'Cy'],
      ],
    });
    await expect(previewOf(new Blob(['']))).rejects.toThrow(/first line/);
  });

  it('is sent whole and in order, in parts that one request may hold', async () => {
    const lines = Array.from({ length: 120_000 }, (_, at) => `c${at},${'x'.repeat(at % 500)}`);
    const parts: number[] = [];
    const next = { line: 2 };
    const { run, told } = importOf(`id,note\n${lines.join('\n')}`, async (rows) => {
      expect(rows.map(({ line }) => line)).toEqual(rows.map((_, at) => next.line + at));
      expect(rows.length).toBeLessThanOrEqual(500);
      expect(JSON.stringify(rows).length).toBeLessThan(200_000);
      next.line += rows.length;
      parts.push(rows.length);
      return { ...OK, taken: rows.length };
    });
    await run;
    expect(told.at(-1)).toMatchObject({ taken: 120_000, bytesRead: expect.any(Number), waits: null });
    expect(parts.length).toBeGreaterThan(240);
  });

  it('is sent again where it was turned away for a while, and not where it was refused', async () => {
    let tries = 0;
    const { run, told } = importOf('id\n1\n', async () => {
      tries += 1;
      if (tries < 3) throw new Error('wait');
      return { ...OK, taken: 1 };
    });
    await run;
    expect(told.map(({ waits, taken }) => [waits, taken])).toEqual([
      ['wait', 0],
      ['wait', 0],
      [null, 1],
    ]);
    const refused = importOf('id\n1\n', async () => {
      throw new Error('no');
    });
    await expect(refused.run).rejects.toThrow('no');
  });

  it('stops when it is told to, after the part that is under way', async () => {
    const sent: CsvRecord[][] = [];
    const { run, stop } = importOf(`id\n${'1\n'.repeat(2_000)}`, async (rows) => {
      sent.push(rows);
      stop.abort();
      return OK;
    });
    await run;
    expect(sent).toHaveLength(1);
  });
});
