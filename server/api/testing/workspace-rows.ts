import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

interface Column {
  table: string;
  column: string;
  type: string;
  /** first label of an enumeration, else null */
  label: string | null;
  /** table and column a foreign key points at */
  parent: string | null;
  generated: boolean;
}

/** Stands in what the rows of the filled workspace say, and is never sent: where it comes back, something leaked. */
export const MARK = 'MARK-OF-THE-OTHER';
/** Begins whatever names a row or customer of the filled workspace: this is what is asked for from outside. */
export const NAME = 'NAME-OF-THE-OTHER';
const NAMING = /(^|_)(id|key|customer|subject|position|slug)$/;

/** Every table with a workspace, and its columns. */
async function columnsOf(deps: Pick<Deps, 'db'>): Promise<Map<string, Column[]>> {
  const rows = await deps.db.$queryRaw<Column[]>`
    SELECT c.table_name AS "table", c.column_name AS "column", c.udt_name AS "type",
      (SELECT e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
        WHERE t.typname = c.udt_name ORDER BY e.enumsortorder LIMIT 1) AS label,
      (SELECT ccu.table_name FROM information_schema.key_column_usage k
        JOIN pg_constraint p ON p.conname = k.constraint_name AND p.contype = 'f'
        JOIN LATERAL (SELECT p.confrelid::regclass::text AS table_name) ccu ON true
        WHERE k.table_name = c.table_name AND k.column_name = c.column_name LIMIT 1) AS parent,
      c.column_default LIKE 'nextval%' AS generated
    FROM information_schema.columns c
    WHERE c.table_schema = 'public' AND c.table_name IN (
      SELECT r.relname FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attname = 'workspace_id'
      WHERE r.relnamespace = 'public'::regnamespace AND r.relkind IN ('r', 'p') AND NOT r.relispartition)
    ORDER BY c.table_name, c.ordinal_position`;
  return Map.groupBy(rows, (row) => row.table);
}

/** The id a row of this table gets. */
const idIn = (table: string) => `${NAME}-${table}`;

/**
 * Puts one row into every table of a workspace that has none yet, each text of it marked, so that a leak of any of them
 * shows. Returns the ids there now are.
 */
export async function fillEveryTable(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  known: { userId: string; shardId: number },
): Promise<string[]> {
  const tables = await columnsOf(deps);
  const filled = new Set(['workspaces', 'users', 'shards', 'memberships']);
  const waiting = new Map([...tables].filter(([table]) => !filled.has(table)));
  while (waiting.size > 0) {
    const ready = [...waiting].find(([table, columns]) =>
      columns.every(({ parent }) => parent === null || parent === table || filled.has(parent)),
    );
    if (ready === undefined) throw new Error(`tables wait for each other: ${[...waiting.keys()].join(', ')}`);
    const [table, columns] = ready;
    await fillTable(deps, workspaceId, known, table, columns);
    filled.add(table);
    waiting.delete(table);
  }
  return [...tables.keys()].map(idIn);
}

async function fillTable(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  known: { userId: string; shardId: number },
  table: string,
  columns: readonly Column[],
): Promise<void> {
  const given = columns.filter(({ generated }) => !generated);
  const names = given.map(({ column }) => `"${column}"`).join(', ');
  const values = given.map((column) => literal(cellOf(column, workspaceId, known), column)).join(', ');
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.$executeRawUnsafe(`INSERT INTO "${table}" (${names}) VALUES (${values}) ON CONFLICT DO NOTHING`),
  );
}

function cellOf(
  { table, column, type, label, parent }: Column,
  workspaceId: string,
  known: { userId: string; shardId: number },
): string {
  if (column === 'workspace_id') return workspaceId;
  if (column === 'shard_id') return String(known.shardId);
  if (column === 'user_id' || parent === 'users') return known.userId;
  if (parent !== null && column !== 'id') return idIn(parent);
  if (label !== null) return label;
  if (column === 'id') return idIn(table);
  switch (type) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'float8':
    case 'numeric':
      return '1';
    case 'bool':
      return 'false';
    case 'timestamptz':
      return new Date(0).toISOString();
    case 'json':
    case 'jsonb':
      return JSON.stringify({ marked: MARK });
    case '_int4':
    case '_int8':
      return '{1}';
    case '_text':
      return `{${MARK}}`;
    case 'bytea':
      return '\\x00';
    default:
      return `${NAMING.test(column) ? NAME : MARK}-${column}`;
  }
}

const literal = (value: string, { type }: Column) => `'${value.replaceAll("'", "''")}'::"${type}"`;

/** Every row of a workspace as text, to see whether anything changed it. */
export async function rowsOf(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<Record<string, string[]>> {
  const tables = [...(await columnsOf(deps)).keys()];
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    const found: Record<string, string[]> = {};
    for (const table of tables) {
      const rows = await tx.$queryRawUnsafe<{ row: string }[]>(
        `SELECT t::text AS row FROM "${table}" t ORDER BY 1`,
      );
      found[table] = rows.map(({ row }) => row);
    }
    return found;
  });
}
