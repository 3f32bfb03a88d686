import { Fault } from '@/server/core/fault';

/**
 * The body of a request as text, refused before it is read whole when it is larger than allowed: its stated length alone
 * says nothing, because a sender need not state it.
 * @throws Fault `too_large`; `bad_request` when it is not UTF-8: mended text would name another than was meant
 */
export async function boundedText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () => new Fault('too_large', `The body is larger than ${maxBytes} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  if (request.body === null) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decoded = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new Fault('bad_request', 'The body is not UTF-8.', { cause });
    }
  };
  let text = '';
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    text += decoded(chunk);
  }
  return text + decoded();
}

/**
 * The same request with its body read, for handlers that would read it whole whatever its size.
 * @throws Fault `too_large`; `bad_request` when it is not UTF-8
 */
export async function boundedRequest(request: Request, maxBytes: number): Promise<Request> {
  if (request.body === null) return request;
  const body = await boundedText(request, maxBytes);
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body });
}
