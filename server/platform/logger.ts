import { type DestinationStream, type Logger, pino } from 'pino';
import type { Env } from './env';
import { CUT, cutAddresses, PERSONAL_FIELDS } from './personal-text';

export type { Logger } from 'pino';

const DEPTHS = ['', '*.', '*.*.', '*.*.*.'];
const MOST_TOGETHER = 3;
/** SQLSTATE of data exceptions; and the same as the database client words it. */
const DATA_CODE = /^22/;
const DATA_WRAPPED = /Code: `22/;

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
    redact: {
      paths: DEPTHS.flatMap((depth) => PERSONAL_FIELDS.map((field) => `${depth}${field}`)),
      censor: CUT,
    },
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

/**
 * Class, code, message without what it quotes of somebody's data, and stack places. Of several that were thrown together
 * the first few are told.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: cutAddresses(String(error)) };
  const code = 'code' in error ? error.code : undefined;
  const places = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at '));
  const told = { type: error.name, code, message: messageOf(error, code), at: places?.slice(0, 8) };
  if (!(error instanceof AggregateError)) return told;
  return { ...told, errors: error.errors.slice(0, MOST_TOGETHER).map(describeError) };
}

/** Where data is at fault, its values stand in the message: a parser of JSON quotes the text, Postgres the value. */
function messageOf(error: Error, code: unknown): string {
  const message = cutAddresses(error.message);
  return quotesData(error, code) ? message.replace(/".*"/s, `"${CUT}"`) : message;
}

function quotesData(error: unknown, code?: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some((one) => quotesData(one, one?.code))) return true;
  return error.name === 'SyntaxError' || DATA_CODE.test(String(code)) || DATA_WRAPPED.test(error.message);
}
