import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { Env } from './env';

/** What a door answered. */
export interface DoorAnswer {
  status: number;
  retryAfterMs: number;
  text: string;
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

/** Reads from a door of this installation. @throws Error when there is no answer before the signal */
export async function fetchOwn(
  { url, certificate }: OwnDoor,
  signal: AbortSignal,
): Promise<Pick<DoorAnswer, 'status' | 'text'>> {
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

/** Asks with exactly this certificate, whoever signed it and whatever name stands in it. */
export function requestTrusting(
  url: string,
  { body, ...sending }: Sending,
  certificate: string,
): Promise<DoorAnswer> {
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
