import { createListener, type Redis } from '@/server/platform/redis';

/**
 * One subscription for many channels, on a connection of its own that subscribes again by itself after a reconnect.
 * @param onReconnect what was published before, while nobody listened, was missed
 * @returns unsubscribe
 */
export function subscribe(
  queueRedis: Redis,
  handlers: Readonly<Record<string, (message: string) => void>>,
  onError: (error: unknown) => void,
  onReconnect: () => void = () => undefined,
): () => void {
  const connection = createListener(queueRedis, { maxRetriesPerRequest: null, commandTimeout: undefined });
  connection.on('error', () => undefined);
  connection.on('message', (channel, message) => handlers[channel]?.(message));
  connection.subscribe(...Object.keys(handlers)).then(() => connection.on('ready', onReconnect), onError);
  return () => connection.disconnect();
}
