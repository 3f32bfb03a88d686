import { join } from 'node:path';
import { loadMasterKey } from '@/server/platform/crypto';
import { type Env, loadEnv, required } from '@/server/platform/env';
import { folderStore } from './folder-store.connector';
import { s3Store } from './s3-store.connector';
import { type SnapshotCodec, snapshotCodec } from './snapshot-codec.connector';
import type { SnapshotStore } from './snapshot-store';

/** How this installation keeps snapshots. */
export interface SnapshotKeeping {
  store: SnapshotStore;
  codec: SnapshotCodec;
  /** where no workspace says otherwise, ms */
  intervalMs: number;
  /** newest snapshots of a partition that stay */
  keep: number;
}

let known: SnapshotKeeping | undefined;

/** As the settings say; opened once a process. */
export function snapshotKeeping(): SnapshotKeeping {
  known ??= keepingOf(loadEnv());
  return known;
}

function keepingOf(env: Env): SnapshotKeeping {
  return {
    store: storeOf(env),
    codec: snapshotCodec(loadMasterKey(env)),
    intervalMs: env.SNAPSHOT_INTERVAL_MS,
    keep: env.SNAPSHOT_KEEP,
  };
}

function storeOf(env: Env): SnapshotStore {
  if (env.SNAPSHOT_STORE === 'folder')
    return folderStore(env.SNAPSHOT_FOLDER ?? join(env.MILLRACE_DATA, 'snapshots'));
  return s3Store({
    endpoint: required(env, 'S3_ENDPOINT'),
    region: env.S3_REGION,
    bucket: required(env, 'S3_BUCKET'),
    prefix: env.S3_PREFIX,
    accessKeyId: required(env, 'S3_ACCESS_KEY_ID'),
    secretAccessKey: required(env, 'S3_SECRET_ACCESS_KEY'),
  });
}
