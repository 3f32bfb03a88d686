import { partNumbersOf, readState } from '@/server/processors';
import { partField } from './partition-keys';

type Texts = (string | null)[];

/** What one transaction read: the states of some customers, and the parts it was told to read, in the order told. */
interface ReadTexts {
  texts: Texts;
  parts: Texts;
}

export interface AskedStates<T extends ReadTexts> {
  customers: readonly string[];
  /** by customer: fields of the parts there are, as far as that is known already */
  fields?: string[][];
  /** how often it is read at most */
  attempts: number;
  /** reads the states, and these fields of the parts, in one transaction */
  read(fields: readonly string[]): Promise<T>;
}

/**
 * Reads states with the parts beside them, both of one moment: a commit may come between learning which parts there are
 * and reading them, and then both are read again. @returns null where they change too fast for that
 */
export async function statesWithParts<T extends ReadTexts>({
  customers,
  fields = customers.map(() => []),
  attempts,
  read,
}: AskedStates<T>): Promise<{ read: T; parts: Texts[] } | null> {
  let asked = fields;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const found = await read(asked.flat());
    const wanted = found.texts.map((text, at) => partFields(customers[at] ?? '', text));
    if (wanted.every((own) => own.length === 0)) return { read: found, parts: wanted.map(() => []) };
    if (JSON.stringify(wanted) === JSON.stringify(asked))
      return { read: found, parts: sharedOut(found.parts, asked) };
    asked = wanted;
  }
  return null;
}

function sharedOut(parts: Texts, fields: readonly string[][]): Texts[] {
  let at = 0;
  return fields.map(({ length }) => {
    at += length;
    return parts.slice(at - length, at);
  });
}

/** Fields of the parts beside a state; none beside what cannot be read. */
export function partFields(customer: string, text: string | null): string[] {
  if (text === null) return [];
  try {
    return partNumbersOf(readState(text)).map((number) => partField(customer, number));
  } catch {
    return [];
  }
}
