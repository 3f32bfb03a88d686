import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from '@/prisma/client/client';

export interface ConnectionOptions {
  /** Shown by the server for each connection. */
  readonly applicationName: string;
  readonly maxConnections?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
const TRANSACTION_TIMEOUT_MS = 15_000;

/** A client with a pool of its own. Make one per process and role, and `$disconnect` it at the end. */
export function createPrisma(
  url: string,
  { applicationName, maxConnections = 10 }: ConnectionOptions,
): PrismaClient {
  const adapter = new PrismaPg(
    {
      connectionString: url,
      application_name: applicationName,
      max: maxConnections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: 30_000,
    },
    // A lost connection shows itself in the next query; without a listener it would end the process.
    { onPoolError: () => undefined, onConnectionError: () => undefined },
  );
  return new PrismaClient({
    adapter,
    // Else a message shows the call with all its arguments, which are somebody's data.
    errorFormat: 'minimal',
    transactionOptions: { maxWait: CONNECT_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS },
  });
}

/**
 * Runs `use` in a transaction that sees, and may write, the rows of one workspace only: row-level security compares
 * every row with the setting made here.
 */
export function withWorkspace<T>(
  prisma: PrismaClient,
  workspaceId: string,
  use: (transaction: Prisma.TransactionClient) => Promise<T>,
): Promise<T> {
  return prisma.$transaction(async (transaction) => {
    await transaction.$executeRaw`SELECT set_config('app.workspace_id', ${workspaceId}, true)`;
    return use(transaction);
  });
}

/**
 * Which of these workspaces a probe finds rows in, asked in one statement and of each as if it were set: for background work
 * that would else need a transaction for every workspace to learn that there is nothing to do.
 * @param probe a constant SELECT in which `$1` is the workspace
 */
export async function workspacesWith(
  prisma: PrismaClient,
  workspaceIds: readonly string[],
  probe: string,
): Promise<Set<string>> {
  if (workspaceIds.length === 0) return new Set();
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM workspaces_with(${[...workspaceIds]}::text[], ${probe}) AS found(id)`;
  return new Set(rows.map(({ id }) => id));
}

/** The same connection, acting as another role from its start (the signed-in role must be a member of it). */
export function asRole(url: string, role: string): string {
  const changed = new URL(url);
  changed.searchParams.set('options', `-c role=${role}`);
  return changed.href;
}
