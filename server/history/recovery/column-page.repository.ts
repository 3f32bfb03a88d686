import { Prisma } from '@/prisma/client/client';

/** Rows a column at a time: one array for each, all equally long. */
export type Columns<Row> = { [Name in keyof Row]: Row[Name][] };

/** Times as ms since the epoch, without a text to be read again. */
export const msOf = (column: string): string => `(date_part('epoch', ${column}) * 1000)::bigint`;

/**
 * Reads many rows as one JSON text for each column. Rows as objects pass driver and client value by value, which costs
 * more than stepping what they hold.
 * @param columns name → expression over `from`, whose values JSON can carry
 * @param from what stands behind FROM; bounded by the caller
 */
export async function readColumns<Row extends object>(
  tx: Prisma.TransactionClient,
  columns: Record<keyof Row & string, string>,
  from: Prisma.Sql,
): Promise<Columns<Row>> {
  const names = Object.keys(columns) as (keyof Row & string)[];
  const wanted = names.map((name) => `json_agg(${columns[name]})::text AS "${name}"`).join(', ');
  const [texts] = await tx.$queryRaw<Record<string, string | null>[]>(
    Prisma.sql`SELECT ${Prisma.raw(wanted)} FROM ${from}`,
  );
  return Object.fromEntries(
    names.map((name) => [name, JSON.parse(texts?.[name] ?? '[]') as unknown]),
  ) as Columns<Row>;
}
