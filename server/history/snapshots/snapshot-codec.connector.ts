import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { deriveKey, seal, unseal } from '@/server/platform/crypto';
import type { PartitionSnapshot } from './partition-snapshot';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

const texts = z.record(z.string(), z.string());
const entries = z.array(z.tuple([z.string(), z.array(z.string())]));
const snapshotSchema = z.strictObject({
  version: z.literal(1),
  shardId: z.number().int(),
  partition: z.number().int(),
  takenAt: z.number(),
  offset: texts,
  archived: z.string(),
  clock: texts,
  aggregates: z.string().nullable(),
  sequence: z.string().nullable(),
  consentVersion: z.string().nullable(),
  states: texts,
  parts: texts,
  redirects: texts,
  consent: texts,
  queue: texts,
  cooldowns: texts,
  sent: texts,
  inbox: texts,
  timers: z.array(z.string()),
  outbox: entries,
  log: entries,
  out: entries,
}) satisfies z.ZodType<PartitionSnapshot>;

/** Turns snapshots into sealed bytes and back. */
export interface SnapshotCodec {
  /** Compressed (zstd), then encrypted (AES-256-GCM), bound to its name: it opens under no other. */
  encode(name: string, snapshot: PartitionSnapshot): Promise<{ bytes: Buffer; rawBytes: number }>;
  /** @throws Error when key, name or a byte differs from what was sealed, or what is inside is no snapshot */
  decode(name: string, bytes: Uint8Array): Promise<PartitionSnapshot>;
}

/** @param master what everything secret is derived from; snapshots have a key of their own under it */
export function snapshotCodec(master: KeyObject): SnapshotCodec {
  const key = deriveKey(master, 'state-snapshots');
  return {
    async encode(name, snapshot) {
      const raw = Buffer.from(JSON.stringify(snapshot));
      return { bytes: seal(key, await compress(raw), name), rawBytes: raw.length };
    },
    async decode(name, bytes) {
      const raw = await decompress(unseal(key, bytes, name));
      return snapshotSchema.parse(JSON.parse(raw.toString()));
    },
  };
}
