import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type {
  MigrationList,
  SchemaContainer,
  SchemaEngine as SchemaEngineType,
} from '@prisma/schema-engine-wasm';

const MIGRATED_SCHEMA = 'migrated-schema.prisma';
const NO_FILTER = { externalTables: [], externalEnums: [] };

/** Where schema and migrations stand, from the project's root. */
export interface SchemaFolders {
  readonly schema: string;
  readonly migrations: string;
}

export const SCHEMA_FOLDERS: SchemaFolders = { schema: 'prisma/schema', migrations: 'prisma/migrations' };

/**
 * Brings the database to the newest migration, as `prisma migrate deploy` does, by the same engine as WASM.
 * @param url of the owner's role
 * @returns the names of those applied now
 * @throws Error naming a migration that failed before or was edited after it was applied
 */
export async function applyMigrations(
  url: string,
  folders: SchemaFolders = SCHEMA_FOLDERS,
): Promise<string[]> {
  const migrationsList = readMigrations(folders.migrations);
  return withEngine(url, folders, async (engine) => {
    const found = await engine.diagnoseMigrationHistory({
      migrationsList,
      optInToShadowDatabase: false,
      filters: NO_FILTER,
    });
    const [failed] = found.failedMigrationNames;
    if (failed)
      throw new Error(`Migration ${failed} failed before; mend the database, then mark it resolved.`);
    const [edited] = found.editedMigrationNames;
    if (edited) throw new Error(`Migration ${edited} was edited after it was applied to this database.`);
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTER });
    return appliedMigrationNames;
  });
}

/**
 * The SQL that leads from the schema as last migrated (kept beside the migrations) to the schema folder; empty when
 * they agree. The database is only connected to, as the engine will have it.
 */
export async function diffSchema(url: string, folders: SchemaFolders = SCHEMA_FOLDERS): Promise<string> {
  return withEngine(url, folders, async (engine) => {
    const migrated = join(folders.migrations, MIGRATED_SCHEMA);
    const { stdout } = await engine.diff({
      from: existsSync(migrated)
        ? { tag: 'schemaDatamodel', files: [{ path: migrated, content: readFileSync(migrated, 'utf8') }] }
        : { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: readSchema(folders.schema) },
      script: true,
      exitCode: null,
      filters: NO_FILTER,
    });
    const sql = stdout ?? '';
    return sql.includes('This is an empty migration') ? '' : sql;
  });
}

/** Keeps the schema as it is now as the one the migrations lead to. */
export function markSchemaMigrated(folders: SchemaFolders = SCHEMA_FOLDERS): void {
  const whole = readSchema(folders.schema).map(({ content }) => content.trim());
  writeFileSync(join(folders.migrations, MIGRATED_SCHEMA), `${whole.join('\n\n')}\n`);
}

async function withEngine<T>(
  url: string,
  folders: SchemaFolders,
  use: (engine: SchemaEngineType) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await loadEngine();
  const postgres = new WholeScriptPg({ connectionString: url });
  const adapter = bindMigrationAwareSqlAdapterFactory(postgres);
  const engine = await SchemaEngine.new(
    { datamodels: asDatamodels(readSchema(folders.schema)) },
    () => undefined,
    adapter,
  );
  try {
    return await use(engine);
  } finally {
    engine.free();
    await postgres.close();
  }
}

type ScriptRunner = Pick<Awaited<ReturnType<PrismaPg['connect']>>, 'executeScript' | 'executeRaw'>;

/**
 * The adapter cuts scripts at every semicolon, within function bodies and comments too, and may send the pieces
 * over several connections. Sent whole, a script is parsed by the server and is one transaction.
 */
class WholeScriptPg extends PrismaPg {
  private readonly opened: { dispose(): Promise<void> }[] = [];

  override async connect() {
    const connection = sendWhole(await super.connect());
    this.opened.push(connection);
    return connection;
  }

  /** The engine leaves its connections open. */
  async close(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((connection) => connection.dispose()));
  }
}

function sendWhole<T extends ScriptRunner>(connection: T): T {
  connection.executeScript = async (script) => {
    await connection.executeRaw({ sql: script, args: [], argTypes: [] });
  };
  return connection;
}

type EngineModule = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');
let loaded: Promise<EngineModule> | undefined;

/** The package has no loader for Node: its WASM is instantiated with its own bindings. */
function loadEngine(): Promise<EngineModule> {
  loaded ??= (async () => {
    const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
    const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
    const module = new WebAssembly.Module(readFileSync(join(folder, 'schema_engine_bg.wasm')));
    const { exports } = new WebAssembly.Instance(module, { './schema_engine_bg.js': functionsOf(bindings) });
    bindings.__wbg_set_wasm(exports);
    if (typeof exports.__wbindgen_start === 'function') exports.__wbindgen_start();
    return bindings;
  })();
  return loaded;
}

function functionsOf(bindings: object): Record<string, WebAssembly.ImportValue> {
  const functions: Record<string, WebAssembly.ImportValue> = {};
  for (const [name, value] of Object.entries(bindings))
    if (typeof value === 'function') functions[name] = value;
  return functions;
}

function asDatamodels(files: readonly SchemaContainer[]): [string, string][] {
  return files.map(({ path, content }) => [path, content]);
}

function readSchema(folder: string): SchemaContainer[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.prisma'))
    .sort()
    .map((file) => ({ path: join(folder, file), content: readFileSync(join(folder, file), 'utf8') }));
}

function readMigrations(folder: string): MigrationList {
  const lockfile = join(folder, 'migration_lock.toml');
  const names = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return {
    baseDir: folder,
    lockfile: {
      path: 'migration_lock.toml',
      content: existsSync(lockfile) ? readFileSync(lockfile, 'utf8') : null,
    },
    shadowDbInitScript: '',
    migrationDirectories: names
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort()
      .map((name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: readFileSync(join(folder, name, 'migration.sql'), 'utf8') },
        },
      })),
  };
}
