import type { Socket } from 'socket.io';

/** Packets that wait in the server's memory for this client: its network or its page is slower than what is sent. */
export function waitingPackets(socket: Socket): number {
  const connection: unknown = socket.conn;
  if (typeof connection !== 'object' || connection === null || !('writeBuffer' in connection)) return 0;
  return Array.isArray(connection.writeBuffer) ? connection.writeBuffer.length : 0;
}
