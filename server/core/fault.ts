/** Every kind of failure a caller may be told of. Mapped once each to tRPC, HTTP and job retry. */
export const FAULT_CODES = [
  'bad_request',
  'unauthenticated',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'conflict',
  'too_large',
  'rate_limited',
  'unavailable',
  'internal',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** The one error type: `publicMessage` may be shown to anyone, `message` and `cause` are for the log. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly publicMessage: string;
  readonly fields: readonly { field: string; reason: string }[];

  constructor(
    code: FaultCode,
    publicMessage: string,
    options: { cause?: unknown; detail?: string; fields?: { field: string; reason: string }[] } = {},
  ) {
    super(options.detail ?? publicMessage, { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.publicMessage = publicMessage;
    this.fields = options.fields ?? [];
  }
}
