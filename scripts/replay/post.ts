import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { Env } from '@/server/platform/env';

export interface Posting {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  deadlineMs: number;
  /** PEM: with it, exactly this certificate is taken, whoever signed it and whatever name stands in it. */
  certificate?: string | undefined;
}

export interface Answer {
  status: number;
  retryAfterMs: number;
  text: string;
}

/** @throws Error when there is no answer in time */
export async function post(posting: Posting): Promise<Answer> {
  if (posting.certificate !== undefined) return postTrusting(posting, posting.certificate);
  const { url, headers, body, deadlineMs } = posting;
  const signal = AbortSignal.timeout(deadlineMs);
  const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body), signal });
  const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1_000;
  return { status: response.status, retryAfterMs, text: await response.text() };
}

/** A door of this installation: where it listens, and what it shows for a certificate. */
export interface OwnDoor {
  url: string;
  certificate: string | undefined;
}

export function ownCollector(env: Pick<Env, 'COLLECTOR_PORT' | 'TLS_CERT'>): OwnDoor {
  return ownDoor(env, env.COLLECTOR_PORT);
}

export function ownConsole(env: Pick<Env, 'PORT' | 'TLS_CERT'>): OwnDoor {
  return ownDoor(env, env.PORT);
}

function ownDoor({ TLS_CERT }: Pick<Env, 'TLS_CERT'>, port: number): OwnDoor {
  return {
    url: `${TLS_CERT ? 'https' : 'http'}://localhost:${port}`,
    certificate: TLS_CERT ? readFileSync(TLS_CERT, 'utf8') : undefined,
  };
}

const agents = new Map<string, Agent>();

function agentFor(certificate: string): Agent {
  let agent = agents.get(certificate);
  if (!agent) {
    // The certificate names the host the world knows, and this machine is reached as localhost.
    agent = new Agent({
      keepAlive: true,
      ca: certificate,
      allowPartialTrustChain: true,
      checkServerIdentity: () => undefined,
    });
    agents.set(certificate, agent);
  }
  return agent;
}

function postTrusting({ url, headers, body, deadlineMs }: Posting, certificate: string): Promise<Answer> {
  const signal = AbortSignal.timeout(deadlineMs);
  const lengthened = { ...headers, 'content-length': String(body.length) };
  return requestTrusting(url, { method: 'POST', headers: lengthened, body, signal }, certificate);
}

/** Reads from a door of this installation. @throws Error when there is no answer before the signal */
export async function fetchOwn(
  { url, certificate }: OwnDoor,
  signal: AbortSignal,
): Promise<Pick<Answer, 'status' | 'text'>> {
  if (certificate !== undefined) return requestTrusting(url, { method: 'GET', signal }, certificate);
  const response = await fetch(url, { signal });
  return { status: response.status, text: await response.text() };
}

interface Sending {
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: Buffer;
  signal: AbortSignal;
}

function requestTrusting(url: string, { body, ...sending }: Sending, certificate: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...sending, agent: agentFor(certificate) });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfterMs: Number(response.headers['retry-after'] ?? 0) * 1_000,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.end(body);
  });
}
