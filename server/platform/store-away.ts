/** How Prisma says that Postgres cannot be asked: out of reach, too slow to answer, gone meanwhile, no connection free. */
const PRISMA_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037']);
/** The same from the driver beneath, where Prisma knows no name for it. */
const DRIVER_KINDS = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
]);
/** Postgres itself: shutting down or starting (57P0x), connection lost (08xxx), full (53xxx). */
const POSTGRES_STATES = /^(57P0[1-5]|08\w{3}|53\w{3})$/;
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'EPIPE',
]);
const NAMES = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError']);
const MESSAGES =
  /^(Command timed out|Connection is closed|Socket timeout|Connection terminated|timeout exceeded when trying to connect|Unable to start a transaction|Transaction API error: Unable to start|None of startup nodes|(LOADING|MISCONF|OOM|CLUSTERDOWN|MASTERDOWN) )/;

/** Whether an error says that Postgres or Redis cannot be used just now, rather than that we asked something wrong. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (PRISMA_CODES.has(code) || SYSTEM_CODES.has(code) || POSTGRES_STATES.test(code)) return true;
  if (NAMES.has(error.name) || MESSAGES.test(error.message)) return true;
  const { kind, originalCode } = driverCause(error);
  return DRIVER_KINDS.has(kind) || POSTGRES_STATES.test(originalCode);
}

function driverCause(error: Error): { kind: string; originalCode: string } {
  const cause: unknown = ['meta', 'driverAdapterError', 'cause'].reduce<unknown>(
    (value, name) => Reflect.get(Object(value), name),
    error,
  );
  const textOf = (name: string) => String(Reflect.get(Object(cause), name) ?? '');
  return { kind: textOf('kind'), originalCode: textOf('originalCode') };
}
