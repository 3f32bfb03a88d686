import { isPortFree } from '@/server/platform/embedded/ports';

/** Below the ports that systems give to connections by themselves, so that none of those takes one meanwhile. */
const LOWEST = 20_000;
const HIGHEST = 30_000;
const ATTEMPTS = 100;

/** The first of so many ports in a row that nobody listens on. */
export async function firstOfFreePorts(count: number, random: () => number = Math.random): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const first = LOWEST + Math.floor(random() * (HIGHEST - LOWEST - count));
    const ports = Array.from({ length: count }, (_, place) => first + place);
    const areFree = await Promise.all(ports.map((port) => isPortFree(port, '0.0.0.0')));
    if (areFree.every(Boolean)) return first;
  }
  throw new Error(`No ${count} free ports in a row were found between ${LOWEST} and ${HIGHEST}.`);
}
