import { type DoorAnswer, requestTrusting } from '@/server/platform/own-door';

export interface Posting {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  deadlineMs: number;
  /** PEM: with it, exactly this certificate is taken, whoever signed it and whatever name stands in it. */
  certificate?: string | undefined;
}

/** @throws Error when there is no answer in time */
export async function post(posting: Posting): Promise<DoorAnswer> {
  if (posting.certificate !== undefined) return postTrusting(posting, posting.certificate);
  const { url, headers, body, deadlineMs } = posting;
  const signal = AbortSignal.timeout(deadlineMs);
  const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body), signal });
  const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1_000;
  return { status: response.status, retryAfterMs, text: await response.text() };
}

function postTrusting({ url, headers, body, deadlineMs }: Posting, certificate: string): Promise<DoorAnswer> {
  const signal = AbortSignal.timeout(deadlineMs);
  const lengthened = { ...headers, 'content-length': String(body.length) };
  return requestTrusting(url, { method: 'POST', headers: lengthened, body, signal }, certificate);
}
