import { type DestinationStream, type Logger, pino } from 'pino';
import type { Env } from './env';

export type { Logger } from 'pino';

/** Fields that may hold somebody's data or a secret. They are cut wherever they stand, up to four levels deep. */
const PERSONAL = [
  'address',
  'anonymousId',
  'authorization',
  'body',
  'cookie',
  'customer',
  'email',
  'firstName',
  'ip',
  'lastName',
  'name',
  'password',
  'phone',
  'properties',
  'text',
  'token',
  'traits',
  'userId',
  'writeKey',
  'apiKey',
];
const DEPTHS = ['', '*.', '*.*.', '*.*.*.'];
const CUT = '[cut]';

/**
 * A structured logger, one JSON object a line on standard output. Identifiers of records may be logged; personal
 * data, message texts and properties are cut, and e-mail addresses within messages too.
 * @param process name of the process kind, e.g. `collector`
 */
export function createLogger(
  env: Pick<Env, 'LOG_LEVEL'>,
  process: string,
  destination?: DestinationStream,
): Logger {
  const options = {
    level: env.LOG_LEVEL,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: DEPTHS.flatMap((depth) => PERSONAL.map((field) => `${depth}${field}`)), censor: CUT },
    serializers: { err: describeError, error: describeError },
    hooks: {
      logMethod(args: Parameters<Logger['info']>, method: (...args: Parameters<Logger['info']>) => void) {
        method.apply(
          this,
          args.map((arg: unknown) => (typeof arg === 'string' ? cutAddresses(arg) : arg)) as typeof args,
        );
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Errors of drivers quote values of rows: only class, code, message without quotes' contents, and stack places stay. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: cutAddresses(String(error)) };
  const code = 'code' in error ? error.code : undefined;
  const places = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { type: error.name, code, message: cutAddresses(error.message), at: places?.slice(0, 8) };
}

function cutAddresses(text: string): string {
  return text.replaceAll(/[^\s@"'<>(),:;=]+@[^\s@"'<>(),:;]+\.[^\s@"'<>(),:;]+/g, CUT);
}
