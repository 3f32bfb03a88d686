import { AwsClient } from 'aws4fetch';
import { sha256 } from '@/server/platform/crypto';
import { assertObjectName, type SnapshotStore } from './snapshot-store';

/** A bucket behind the S3 API, Amazon's or another's. */
export interface S3Settings {
  /** such as `https://s3.eu-central-1.amazonaws.com` or an own server's address */
  endpoint: string;
  region: string;
  bucket: string;
  /** put in front of every name; `` for none */
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const CALL_LIMIT_MS = 30_000;
const RETRIES = 3;
const NOT_FOUND = 404;
/** Hash of a request without a body. */
const NOTHING = sha256('');

/** Snapshots as objects of a bucket: path-style addresses, Signature Version 4, ListObjectsV2. */
export function s3Store(settings: S3Settings): SnapshotStore {
  const client = new AwsClient({
    accessKeyId: settings.accessKeyId,
    secretAccessKey: settings.secretAccessKey,
    region: settings.region,
    service: 's3',
    retries: RETRIES,
  });
  const bucket = `${settings.endpoint.replace(/\/+$/, '')}/${settings.bucket}`;
  const keyOf = (name: string) => (settings.prefix === '' ? name : `${settings.prefix}/${name}`);
  const call = async (
    url: string,
    init: RequestInit & { headers?: Record<string, string> },
    what: string,
    missingIsFine = false,
  ) => {
    const headers = { 'x-amz-content-sha256': NOTHING, ...init.headers };
    const response = await client.fetch(url, {
      ...init,
      headers,
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
    });
    if (response.ok || (missingIsFine && response.status === NOT_FOUND)) return response;
    throw new Error(`The bucket refused to ${what}: ${response.status} ${codeIn(await response.text())}`);
  };
  const objectUrl = (name: string) => {
    assertObjectName(name);
    return `${bucket}/${keyOf(name)}`;
  };
  return {
    kind: 's3',
    async put(name, bytes) {
      const body = Buffer.from(bytes);
      // Signed as well: what arrives is what was sent, or is refused.
      const headers = { 'content-type': 'application/octet-stream', 'x-amz-content-sha256': sha256(body) };
      await call(objectUrl(name), { method: 'PUT', body, headers }, `take ${name}`);
    },
    async get(name) {
      const response = await call(objectUrl(name), {}, `give ${name}`, true);
      const body = Buffer.from(await response.arrayBuffer());
      return response.status === NOT_FOUND ? null : body;
    },
    async list(prefix) {
      const names: string[] = [];
      let token = '';
      do {
        const query = new URLSearchParams({ 'list-type': '2', prefix: keyOf(prefix) });
        if (token !== '') query.set('continuation-token', token);
        const text = await (await call(`${bucket}?${query}`, {}, 'list')).text();
        for (const key of elementsOf(text, 'Key')) names.push(key.slice(keyOf('').length));
        token = elementsOf(text, 'NextContinuationToken')[0] ?? '';
      } while (token !== '');
      return names.sort();
    },
    async remove(name) {
      await call(objectUrl(name), { method: 'DELETE' }, `drop ${name}`, true);
    },
  };
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Texts of all elements of this name. Our names need no more of XML than the five entities. */
function elementsOf(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text = '']) =>
    text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? ''),
  );
}

function codeIn(xml: string): string {
  return elementsOf(xml, 'Code')[0] ?? '';
}
