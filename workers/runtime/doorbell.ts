import { createListener, type Redis } from '@/server/platform/redis';

/**
 * One subscription for many channels, on a connection of its own that subscribes again by itself after a reconnect.
 * @returns unsubscribe
 */
export function subscribe(
  queueRedis: Redis,
  handlers: Readonly<Record<string, (message: string) => void>>,
  onError: (error: unknown) => void,
): () => void {
  const connection = createListener(queueRedis, { maxRetriesPerRequest: null, commandTimeout: undefined });
  connection.on('error', () => undefined);
  connection.on('message', (channel, message) => handlers[channel]?.(message));
  connection.subscribe(...Object.keys(handlers)).catch(onError);
  return () => connection.disconnect();
}
