import { describe, expect, it } from 'vitest';
import { createLogger, type Logger } from './logger';

function logged(write: (logger: Logger) => void): { text: string; line: Record<string, unknown> } {
  const lines: string[] = [];
  write(createLogger({ LOG_LEVEL: 'info' }, 'test', { write: (line) => lines.push(line) }));
  const text = lines.join('');
  return { text, line: JSON.parse(text) };
}

describe('the log', () => {
  it('cuts personal fields wherever they stand, and keeps ids', () => {
    const customer = { traits: { firstName: 'Anna' }, email: 'anna@example.com' };
    const { text, line } = logged((logger) => logger.info({ shardId: 3, a: { b: { c: customer } } }, 'seen'));
    expect(text).not.toMatch(/Anna|anna/);
    expect(line).toMatchObject({ shardId: 3, msg: 'seen', process: 'test' });
  });

  it('cuts addresses out of messages, of errors too', () => {
    const { text } = logged((logger) =>
      logger.warn({ err: new Error('no mailbox for anna@example.com') }, 'told anna@example.com nothing'),
    );
    expect(text).not.toContain('anna');
    expect(text).toContain('no mailbox for [cut]');
  });

  it('leaves out what a parser quotes', () => {
    const broken = () => JSON.parse('{"name": "Anna Smith" and more of it, so that it is quoted in part}');
    const { text } = logged((logger) => logger.error({ err: thrown(broken) }, 'broken'));
    expect(text).not.toMatch(/Anna|Smith/);
    expect(text).toContain('SyntaxError');
  });

  it.each([
    ['the driver', Object.assign(new Error('invalid input syntax for type json: "Anna"'), { code: '22P02' })],
    ['the client', new Error('Raw query failed. Code: `22P02`. Message: `invalid input: "Anna"`')],
  ])('leaves out values that %s quotes', (_, err) => {
    const { text } = logged((logger) => logger.error({ err }, 'refused'));
    expect(text).not.toContain('Anna');
    expect(text).toContain('[cut]');
  });

  it('keeps names of tables, which are no data', () => {
    const err = Object.assign(new Error('relation "history_events" does not exist'), { code: '42P01' });
    expect(logged((logger) => logger.error({ err }, 'refused')).text).toContain('history_events');
  });

  it('leaves them out of what sums several up, too', () => {
    const inner = Object.assign(new Error('invalid input: "Anna"'), { code: '22P02' });
    const err = new AggregateError([inner], '1 of 2 failed: ws_1 (invalid input: "Anna")');
    expect(logged((logger) => logger.error({ err }, 'job')).text).not.toContain('Anna');
  });

  it('tells the first of many errors that came together, with the place of each', () => {
    const many = Array.from({ length: 5 }, (_, index) => new Error(`failure ${index}`));
    const { line } = logged((logger) =>
      logger.error({ err: new AggregateError(many, '5 of 9 failed') }, 'job'),
    );
    const { errors } = line.err as { errors: { message: string; at: string[] }[] };
    expect(errors.map(({ message }) => message)).toEqual(['failure 0', 'failure 1', 'failure 2']);
    expect(errors[0]?.at[0]).toContain('logger.test');
  });
});

function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
