import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { PartitionSnapshot } from './partition-snapshot';
import { snapshotCodec } from './snapshot-codec.connector';

const CANARY = 'canary-of-somebody@example.test';
const snapshot: PartitionSnapshot = {
  version: 1,
  shardId: 1,
  partition: 3,
  takenAt: 1_700_000_000_000,
  offset: { id: '1-2', n: '7', at: '5' },
  archived: '1-1',
  clock: { newest: '5', tick: '0' },
  aggregates: '{"at":5}',
  sequence: '4',
  consentVersion: null,
  states: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${CANARY}-${i}`, '{"n":5,"e":1}'])),
  parts: {},
  redirects: { a: 'b' },
  consent: {},
  queue: {},
  cooldowns: {},
  sent: { 4: '1' },
  inbox: {},
  timers: ['a', '12'],
  outbox: [['1-1', ['r', '[]']]],
  log: [],
  out: [],
};
const name = '1/3/000001700000000000.snap';

it('gives back what it took, smaller and unreadable in between', async () => {
  const codec = snapshotCodec(createSecretKey(randomBytes(32)));
  const { bytes, rawBytes } = await codec.encode(name, snapshot);
  expect(await codec.decode(name, bytes)).toEqual(snapshot);
  expect(bytes.length).toBeLessThan(rawBytes / 4);
  expect(bytes.includes(CANARY)).toBe(false);
});

it('opens under no other name, key or byte', async () => {
  const codec = snapshotCodec(createSecretKey(randomBytes(32)));
  const { bytes } = await codec.encode(name, snapshot);
  await expect(codec.decode('1/4/000001700000000000.snap', bytes)).rejects.toThrow();
  await expect(snapshotCodec(createSecretKey(randomBytes(32))).decode(name, bytes)).rejects.toThrow();
  const altered = Buffer.from(bytes);
  altered[60] = (altered[60] ?? 0) ^ 1;
  await expect(codec.decode(name, altered)).rejects.toThrow();
  await expect(codec.decode(name, bytes.subarray(0, 100))).rejects.toThrow();
});
