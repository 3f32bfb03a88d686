/**
 * Many screens in one room, as one process: each has a socket of its own and speaks socket.io's protocol over it. What is
 * pushed is not parsed as a screen would – a thousand screens have a thousand processors –, but for the times in it.
 *
 * Usage: dashboard-clients <DashboardOptions as JSON>
 * Prints `joined` once all are in, then measures and prints one JSON object: DashboardFigures.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { LIVE_EVENTS } from '@/server/live/live.schema';
import type { DashboardFigures, DashboardOptions } from './dashboard-options';
import { percentiles } from './percentiles';
import { pushTimes } from './push-times';

const { url, cookie, room, clients, settleSeconds, seconds } = JSON.parse(
  process.argv[2] ?? '{}',
) as DashboardOptions;
/** Sockets opened at once: as people come, not as a flood. */
const AT_ONCE = 25;
const JOIN_LIMIT_MS = 120_000;
const address = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;

/** The beginning of an update; beats of the server are told apart. */
const PUSHED = `42["${LIVE_EVENTS.updated}"`;

const pushes: number[] = [];
const ages: number[] = [];
const figures = { updates: 0, bytes: 0, closed: 0 };
let isMeasuring = false;

function take(frame: string): void {
  if (!isMeasuring) return;
  const now = Date.now();
  const { computedAt, at } = pushTimes(frame);
  figures.updates += 1;
  figures.bytes += frame.length;
  if (computedAt !== null) pushes.push(now - computedAt);
  if (at !== null) ages.push(now - at);
}

/** Engine.IO 4: 0 open, 2 ping, 3 pong, 4 message; in a message socket.io's 0 connect, 2 event, 3 answer, 4 refused. */
function open(): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  // Node's own takes headers beside what browsers know.
  const socket = new WebSocket(address, { headers: { cookie } } as unknown as string[]);
  const timer = setTimeout(() => reject(new Error('a socket did not join in time')), JOIN_LIMIT_MS);
  socket.addEventListener('message', ({ data }) => {
    const frame = String(data);
    if (frame.startsWith(PUSHED)) take(frame);
    else if (frame.startsWith('42')) return;
    else if (frame === '2') socket.send('3');
    else if (frame.startsWith('0')) socket.send('40');
    else if (frame.startsWith('40')) socket.send(`420${JSON.stringify([LIVE_EVENTS.join, { room }])}`);
    else if (frame.startsWith('430') && frame.includes('"ok":true')) {
      clearTimeout(timer);
      resolve(socket);
    } else reject(new Error(`a socket was refused: ${frame.slice(0, 200)}`));
  });
  socket.addEventListener('error', () => reject(new Error('a socket could not be opened')));
  socket.addEventListener('close', () => {
    figures.closed += 1;
    reject(new Error('a socket was closed'));
  });
  return promise;
}

const sockets: WebSocket[] = [];
while (sockets.length < clients) {
  const wanted = Math.min(AT_ONCE, clients - sockets.length);
  sockets.push(...(await Promise.all(Array.from({ length: wanted }, open))));
}
process.stdout.write('joined\n');
await pause(settleSeconds * 1_000);
isMeasuring = true;
await pause(seconds * 1_000);
isMeasuring = false;
const result: DashboardFigures = {
  clients,
  closed: figures.closed,
  updatesPerSecondEach: Math.round((figures.updates / clients / seconds) * 100) / 100,
  bytesPerUpdate: Math.round(figures.bytes / Math.max(1, figures.updates)),
  pushMs: percentiles(pushes),
  ageMs: percentiles(ages),
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
