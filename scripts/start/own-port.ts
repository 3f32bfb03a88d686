import type { DataFolder, Ports } from './data-folder';

const ATTEMPTS = 5;
/** How Redis and Postgres say that somebody else listens there. */
const TAKEN = /Address already in use|could not create any TCP\/IP sockets/;

/**
 * How a server is started on its port. One that was found free may be taken by the time the server listens; until the
 * server has run once nobody knows the port, and it may be another.
 */
export function onOwnPort<T>(
  data: DataFolder,
  name: keyof Ports,
  start: (port: number, stopping: AbortSignal) => Promise<T>,
): (stopping: AbortSignal) => Promise<T> {
  let port: number | undefined;
  let hasRun = false;
  return async (stopping) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        port ??= await data.port(name);
        const running = await start(port, stopping);
        hasRun = true;
        return running;
      } catch (error) {
        const isTaken = error instanceof Error && TAKEN.test(error.message);
        if (hasRun || !isTaken || attempt === ATTEMPTS) throw error;
        port = undefined;
      }
    }
  };
}
