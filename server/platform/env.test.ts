import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { envSchema, howShown, loadEnv, SettingError } from './env';

describe('loadEnv', () => {
  it('has a default for everything a first start needs', () => {
    expect(loadEnv({})).toMatchObject({
      PORT: 3000,
      COLLECTOR_PORT: 4000,
      PARTITIONS: 64,
      MILLRACE_DEMO: 'on',
    });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT'],
    [{ PORT: '70000' }, 'PORT'],
    [{ MILLRACE_DEMO: 'loud' }, 'MILLRACE_DEMO'],
    [{ MILLRACE_DEMOS: 'on' }, 'MILLRACE_DEMOS'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
    [{ MASTER_KEY: 'short' }, 'MASTER_KEY'],
    [{ EVENT_LOG: 'kafka' }, 'KAFKA_BROKERS'],
    [{ EVENT_LOG: 'pulsar' }, 'EVENT_LOG'],
    [{ TLS_CERT: '/cert.pem' }, 'TLS_KEY'],
  ])('refuses %j in one sentence that names the setting', (source, setting) => {
    const error = (() => {
      try {
        loadEnv(source);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(SettingError);
    expect(error).toMatchObject({
      setting,
      message: expect.stringMatching(new RegExp(`^The setting ${setting} .*\\.$`)),
    });
  });

  it.each([
    [{ PORT: 'abc' }, 'The setting PORT is refused: must be a whole number from 1 to 65535 (it is "abc").'],
    [
      { IDLE_MS: '1.5' },
      'The setting IDLE_MS is refused: must be a whole number of 1 or more (it is "1.5").',
    ],
    [
      { MILLRACE_DEMO: 'x' },
      'The setting MILLRACE_DEMO is refused: must be one of on, quiet, off (it is "x").',
    ],
    [
      { COLLECTOR_PORT: '4190' },
      'The setting COLLECTOR_PORT is refused: browsers and fetch open nothing on this port; take another, such as 4191 (it is "4190").',
    ],
    [
      { PORT: '6000' },
      'The setting PORT is refused: browsers and fetch open nothing on this port; take another, such as 6001 (it is "6000").',
    ],
    [{ METRICS_PORT: '22' }, 'The setting METRICS_PORT is refused: browsers and fetch open nothing on this'],
    [{ EVENT_LOG: 'rabbit' }, 'The setting EVENT_LOG is refused: must be redis or kafka (it is "rabbit").'],
    [
      { EVENT_LOG: 'kinesis' },
      'The setting EVENT_LOG is kinesis, which this version cannot use yet; set it to redis or kafka.',
    ],
  ])('says what would be taken instead of %j', (source, sentence) => {
    expect(() => loadEnv(source)).toThrow(sentence);
  });

  it('does not repeat secrets', () => {
    expect(() => loadEnv({ MASTER_KEY: 'my-secret' })).toThrow(/not shown/);
  });

  it('takes an empty value as absent', () => {
    expect(loadEnv({ DATABASE_URL: '', PORT: '' }).PORT).toBe(3000);
  });
});

it('knows every setting that holds a secret or may hold credentials', () => {
  const paths = ['TLS_KEY'];
  const sensitive = Object.keys(envSchema.shape).filter(
    (name) => /URL|ENDPOINT|KEY|PASSWORD|SECRET|TOKEN/.test(name) && !paths.includes(name),
  );
  expect(sensitive.filter((name) => howShown(name) === undefined)).toEqual([]);
});

it('is documented in .env.example, every setting and no other', () => {
  const documented = readFileSync('.env.example', 'utf8')
    .split('\n')
    .map((line) => /^#?([A-Z0-9_]+)=/.exec(line)?.[1])
    .filter((name) => name !== undefined);
  const inner = ['NODE_ENV'];
  expect(documented.sort()).toEqual(
    Object.keys(envSchema.shape)
      .filter((name) => !inner.includes(name))
      .sort(),
  );
  expect(() => loadEnv(parseEnv(readFileSync('.env.example', 'utf8')))).not.toThrow();
});
