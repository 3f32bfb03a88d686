import type { Server } from 'node:net';

/** Where health and metrics of a worker are looked for when `METRICS_PORT` is not set. */
const FIRST_PORT = 9464;
/** Process kinds with a port of their own for health and metrics, in the order of these ports. */
const KINDS = ['stream', 'archive', 'jobs', 'demo', 'metrics'];
/** So many products find room beside each other; after that any port will do. */
const BLOCKS = 32;

/** The ports of all process kinds, where the first kind has `first`. */
export function metricsPorts(first: number): number[] {
  return KINDS.map((_, place) => first + place);
}

/** The port of a process kind, where the first kind has `first`. */
export function metricsPortOf(kind: string, first: number): number {
  return first + Math.max(0, KINDS.indexOf(kind));
}

/**
 * Listens on the port that is set. When none is, on the kind's own, or the one of the same place in the next block that
 * is free: whoever listens first has it, and nobody fails to start for a figure's sake.
 * @returns the port
 * @throws Error, in one sentence, when the port that is set is in use
 */
export async function listenForMetrics(
  server: Server,
  kind: string,
  set: number | undefined,
  first = FIRST_PORT,
): Promise<number> {
  if (set !== undefined) {
    if (await listens(server, set)) return set;
    throw new Error(`Port ${set} for health and metrics is in use; set METRICS_PORT to a free one.`);
  }
  for (let block = 0; block < BLOCKS; block += 1) {
    const port = metricsPortOf(kind, first + block * KINDS.length);
    if (await listens(server, port)) return port;
  }
  await listens(server, 0);
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** False when somebody else has the port, or this process may not have it. */
function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (works: boolean) => {
      server.off('error', refused).off('listening', taken);
      resolve(works);
    };
    const refused = () => settle(false);
    const taken = () => settle(true);
    server.once('error', refused).once('listening', taken).listen(port);
  });
}
