import { Fault } from '@/server/core/fault';
import type { KeyActor } from '@/server/identity';
import { sha256 } from '@/server/platform/crypto';
import type { Deps } from '@/server/platform/deps';

/** How long a repeated POST gets its first answer again, in seconds. */
const KEPT_SECONDS = 3_600;
/** A first try that died without an answer frees its key after this many seconds. */
const PENDING_SECONDS = 30;
const MAX_KEY_LENGTH = 255;

interface Kept {
  fingerprint: string;
  answer: { status: number; contentType: string; body: string } | null;
}

interface Call {
  deps: Deps;
  actor: KeyActor;
  request: Request;
  bodyText: string;
}

/**
 * Runs a POST that names an `Idempotency-Key` once: a repeat gets the first answer, failures of ours excepted.
 * @throws Fault `conflict` while the first try is still running; `bad_request` when the key stood for another request
 */
export async function idempotently(call: Call, run: () => Promise<Response>): Promise<Response> {
  const given = call.request.headers.get('idempotency-key');
  if (call.request.method !== 'POST' || given === null) return run();
  if (given.length === 0 || given.length > MAX_KEY_LENGTH) {
    throw new Fault('bad_request', `An Idempotency-Key has 1 to ${MAX_KEY_LENGTH} characters.`);
  }
  const { queueRedis } = call.deps;
  const name = `idempotency:${call.actor.keyId}:${sha256(given)}`;
  const fingerprint = sha256(`${new URL(call.request.url).pathname}\n${call.bodyText}`);
  const pending: Kept = { fingerprint, answer: null };
  const first = await queueRedis.set(name, JSON.stringify(pending), 'EX', PENDING_SECONDS, 'NX');
  if (first === null) return replay(await queueRedis.get(name), fingerprint);
  try {
    const response = await run();
    const answer = {
      status: response.status,
      contentType: response.headers.get('content-type') ?? 'application/json',
      body: await response.clone().text(),
    };
    await queueRedis.set(name, JSON.stringify({ fingerprint, answer } satisfies Kept), 'EX', KEPT_SECONDS);
    return response;
  } catch (thrown) {
    await queueRedis.del(name);
    throw thrown;
  }
}

function replay(text: string | null, fingerprint: string): Response {
  const kept = text === null ? null : (JSON.parse(text) as Kept);
  if (kept !== null && kept.fingerprint !== fingerprint) {
    throw new Fault('bad_request', 'This Idempotency-Key was used for another request.');
  }
  if (kept?.answer) {
    const { status, contentType, body } = kept.answer;
    return new Response(body, {
      status,
      headers: { 'content-type': contentType, 'idempotency-replayed': 'true' },
    });
  }
  throw new Fault('conflict', 'The first request with this Idempotency-Key is still running.');
}
