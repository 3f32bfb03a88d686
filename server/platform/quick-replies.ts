import { createRequire } from 'node:module';
import type { Redis } from 'ioredis';
import Parser from 'redis-parser';

/** What ioredis makes for each connection to read its replies, by its own names. */
interface ReplyHandler {
  redis: Redis;
  dispatch(answer: () => void): void;
  returnReply(reply: unknown): void;
  returnError(error: Error): void;
  returnFatalError(error: Error): void;
}
type HandlerClass = new (redis: Redis, options: { stringNumbers: boolean }) => ReplyHandler;

/** ioredis looks the class up for each connection it makes. */
const handlers = createRequire(import.meta.url)('ioredis/built/DataHandler') as { default: HandlerClass };
const Own = handlers.default;

/**
 * Connections of this process that speak RESP2 read replies with `redis-parser` from now on, as ioredis did up to version
 * 5. Version 6 has a parser for RESP3 too, whose private members go through weak maps: half a microsecond for every
 * text of a reply, six times as long. Other connections keep it.
 */
export function readRepliesQuickly(): void {
  handlers.default = QuickHandler as unknown as HandlerClass;
}

function QuickHandler(redis: Redis, options: { stringNumbers: boolean }): ReplyHandler {
  if (redis.options.protocol !== 2 || options.stringNumbers) return new Own(redis, options);
  const handler: ReplyHandler = Object.assign(Object.create(Own.prototype), { redis });
  const parser = new Parser({
    // Texts are made of bytes by what the command asks for, as the library's own parser leaves it.
    returnBuffers: true,
    returnReply: (reply: unknown) => handler.dispatch(() => handler.returnReply(reply)),
    returnError: (error: Error) => handler.dispatch(() => handler.returnError(error)),
    returnFatalError: (error: Error) => handler.returnFatalError(error),
  });
  const { stream } = redis as unknown as { stream: NodeJS.ReadStream };
  // Before whoever watches the socket for silence, as the library does.
  stream.prependListener('data', (data: Buffer) => parser.execute(data));
  stream.resume();
  return handler;
}
