import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '@/server/platform/embedded/ports';
import { listenForMetrics } from './metrics-port';

const KINDS = ['stream', 'archive', 'jobs', 'demo', 'metrics'];
const open: Server[] = [];
const server = () => {
  const made = createServer();
  open.push(made);
  return made;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => new Promise((resolve) => each.close(resolve))));
});

describe('a port for health and metrics that nobody has set', () => {
  it('is another for each process of two products that start at the same moment', async () => {
    const first = await freePort();
    const ports = await Promise.all(
      [...KINDS, ...KINDS].map((kind) => listenForMetrics(server(), kind, undefined, first)),
    );
    expect(new Set(ports).size).toBe(2 * KINDS.length);
    // The second product's are one block further, in the same order.
    expect(ports.map((port) => (port - first) % KINDS.length)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
  });

  it('is any other when all that belong to the kind are taken', async () => {
    const first = await freePort();
    const ports = await Promise.all(
      Array.from({ length: 40 }, () => listenForMetrics(server(), 'jobs', undefined, first)),
    );
    expect(new Set(ports).size).toBe(40);
    expect(ports.every((port) => port > 0)).toBe(true);
  });
});

describe('a port that is set', () => {
  it('is the one that is listened on', async () => {
    const port = await freePort();
    expect(await listenForMetrics(server(), 'jobs', port)).toBe(port);
  });

  it('that is in use is one sentence with the mend', async () => {
    const port = await freePort();
    await listenForMetrics(server(), 'jobs', port);
    await expect(listenForMetrics(server(), 'jobs', port)).rejects.toThrow(
      `Port ${port} for health and metrics is in use; set METRICS_PORT to a free one.`,
    );
  });
});
