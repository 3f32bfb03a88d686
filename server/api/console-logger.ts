import { loadEnv } from '@/server/platform/env';
import { createLogger, type Logger } from '@/server/platform/logger';

let logger: Logger | undefined;

/** The log of requests to the console that failed for reasons of ours. */
export function consoleLogger(): Logger {
  logger ??= createLogger(loadEnv(), 'console');
  return logger;
}
