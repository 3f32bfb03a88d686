import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../testing/s3-server';
import { folderStore } from './folder-store.connector';
import { type S3Settings, s3Store } from './s3-store.connector';
import { snapshotStoreConformance } from './snapshot-store.conformance';

const root = mkdtempSync(join(tmpdir(), 'millrace-snapshots-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a folder', () => {
  snapshotStoreConformance(() => folderStore(join(root, 'folder')));

  it('keeps files for its owner alone, and no drafts', async () => {
    const folder = join(root, 'own');
    await folderStore(folder).put('1/2/a.snap', Buffer.from('x'));
    expect(statSync(join(folder, '1/2/a.snap')).mode & 0o077).toBe(0);
    expect(readdirSync(join(folder, '1/2'))).toEqual(['a.snap']);
    expect(readFileSync(join(folder, '1/2/a.snap'), 'utf8')).toBe('x');
  });
});

describe('a bucket behind the S3 API', () => {
  let server: S3Server;
  let settings: S3Settings;
  beforeAll(async () => {
    server = await startS3Server('kept');
    const { endpoint, accessKeyId, secretAccessKey } = server;
    const place = { region: 'eu-central-1', bucket: 'kept', prefix: 'millrace/snapshots' };
    settings = { endpoint, accessKeyId, secretAccessKey, ...place };
  });
  afterAll(() => server.close());

  snapshotStoreConformance(() => s3Store(settings));

  it('says what the server said when it refuses', async () => {
    const wrong = s3Store({ ...settings, secretAccessKey: 'wrong' });
    await expect(wrong.put('1/2/a.snap', Buffer.from('x'))).rejects.toThrow(/403 SignatureDoesNotMatch/);
    const nowhere = s3Store({ ...settings, bucket: 'missing' });
    await expect(nowhere.put('1/2/a.snap', Buffer.from('x'))).rejects.toThrow(/404 NoSuchBucket/);
  });
});
