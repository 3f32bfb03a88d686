import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** True when nothing listens on `port` of `host` and this process may listen there. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Below what Linux and macOS give to outgoing connections, above what programs are known by. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_767;
const MOST_TRIES = 100;

/**
 * A port that is free at this moment on the loopback interface. It is drawn at random, so that programs that ask at the same
 * time hardly ever get the same one, and no outgoing connection takes it before it is listened on.
 * @throws Error when none is found
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free port between ${FIRST_PORT} and ${LAST_PORT} was found in ${MOST_TRIES} tries.`);
}
