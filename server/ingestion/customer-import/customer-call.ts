import { createHash } from 'node:crypto';
import type { ImportRow, RefusedRow } from './customer-import.schema';
import type { ImportColumn } from './import-columns.schema';

/** A row as the collector is sent it. */
export interface CustomerCall {
  type: 'identify';
  messageId: string;
  userId: string;
  anonymousId?: string;
  traits: Record<string, string | number | boolean>;
}

const ID_LENGTH = 40;
const MOST_DIGITS = 15;

/**
 * A row of a file of customers as an `identify`. Its message id is made from what stands in the line, which line that is
 * and what the columns are taken for: the same file again repeats, a changed line does not.
 */
export function customerCall(
  { line, cells, broken }: ImportRow,
  columns: readonly ImportColumn[],
): CustomerCall | RefusedRow {
  const refuse = (column: string | null, reason: string): RefusedRow => ({ line, column, reason });
  if (broken) return refuse(null, 'A quote is not closed, or text follows a closed one.');
  if (cells.length !== columns.length)
    return refuse(null, `Has ${cells.length} fields; the first line has ${columns.length}.`);
  const garbled = cells.findIndex((cell) => cell.includes('\uFFFD'));
  if (garbled >= 0) return refuse(columns[garbled]?.title ?? null, 'Is not UTF-8.');
  const of = (use: ImportColumn['use']) => columns.findIndex((column) => column.use === use);
  const userId = cells[of('userId')]?.trim() ?? '';
  if (userId === '') return refuse(columns[of('userId')]?.title ?? null, 'Is empty.');
  const anonymousId = cells[of('anonymousId')]?.trim();
  return {
    type: 'identify',
    messageId: messageIdOf(line, cells, columns),
    userId,
    ...(anonymousId ? { anonymousId } : {}),
    traits: traitsOf(cells, columns),
  };
}

function messageIdOf(line: number, cells: readonly string[], columns: readonly ImportColumn[]): string {
  const uses = columns.map(({ use, trait }) => [use, use === 'trait' ? trait : '']);
  const content = JSON.stringify([line, cells, uses]);
  return `import:${createHash('sha256').update(content).digest('hex').slice(0, ID_LENGTH)}`;
}

/** Empty cells say nothing: what is known of the customer stays. */
function traitsOf(cells: readonly string[], columns: readonly ImportColumn[]): CustomerCall['traits'] {
  return Object.fromEntries(
    columns.flatMap(({ use, trait }, place) => {
      const text = cells[place]?.trim() ?? '';
      return use === 'trait' && text !== '' ? [[trait, traitValue(text)]] : [];
    }),
  );
}

/** Numbers and yes or no as rules compare them; what only looks like a number (a postcode with a zero before) stays text. */
function traitValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.length <= MOST_DIGITS && String(Number(text)) === text && Number.isFinite(Number(text))
    ? Number(text)
    : text;
}

/** Where the collector's checks found a flaw, in the words of the file. */
export function columnOf(field: string, columns: readonly ImportColumn[]): string | null {
  const name = field.replace(/^traits\./, '');
  const found = columns.find(({ use, trait }) => (use === 'trait' ? trait === name : use === field));
  return found?.title ?? null;
}
