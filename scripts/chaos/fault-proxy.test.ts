import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '@/server/platform/until';
import { FaultProxy } from './fault-proxy';

let echo: Server;
let proxy: FaultProxy;
const seen: Socket[] = [];
const open: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => {
    seen.push(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await FaultProxy.listen((echo.address() as { port: number }).port);
});
afterEach(async () => {
  for (const socket of [...open.splice(0), ...seen.splice(0)]) socket.destroy();
  await proxy.close();
  echo.close();
});

async function client(): Promise<{ socket: Socket; heard: () => string }> {
  const socket = connect(proxy.port, '127.0.0.1');
  open.push(socket);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return { socket, heard: () => text };
}

describe('FaultProxy', () => {
  it('carries bytes both ways, in order', async () => {
    const { socket, heard } = await client();
    for (let i = 0; i < 200; i += 1) socket.write(`${i},`);
    const whole = Array.from({ length: 200 }, (_, i) => `${i},`).join('');
    await until(() => heard() === whole);
  });

  it('delays, and keeps the order when the delay ends', async () => {
    const { socket, heard } = await client();
    proxy.delay(100);
    const began = Date.now();
    socket.write('a');
    await until(() => heard() === 'a');
    // There and back, each to a millisecond or two.
    expect(Date.now() - began).toBeGreaterThan(190);
    socket.write('b');
    // By then it waits, unless the machine is very slow: the order is kept in either case.
    await new Promise((resolve) => setTimeout(resolve, 20));
    proxy.delay(0);
    socket.write('c');
    await until(() => heard().length === 3);
    expect(heard()).toBe('abc');
  });

  it('cuts with a reset and takes new connections', async () => {
    const { socket, heard } = await client();
    socket.write('a');
    await until(() => heard() === 'a');
    const failed = once(socket, 'error');
    expect(proxy.cut()).toBe(1);
    expect(String((await failed)[0])).toContain('ECONNRESET');
    const second = await client();
    second.socket.write('b');
    await until(() => second.heard() === 'b');
  });

  it('leaves a half-open connection silent and open, gone for the server, until it is reset', async () => {
    const { socket, heard } = await client();
    socket.write('a');
    await until(() => heard() === 'a');
    let isOver = false;
    socket.on('close', () => {
      isOver = true;
    });
    const end = proxy.halfOpen();
    await until(() => seen[0]?.destroyed || seen[0]?.readableEnded);
    socket.write('b');
    const second = await client();
    second.socket.write('c');
    await until(() => second.heard() === 'c');
    expect({ heard: heard(), isOver }).toEqual({ heard: 'a', isOver: false });
    end();
    await until(() => isOver);
  });
});
