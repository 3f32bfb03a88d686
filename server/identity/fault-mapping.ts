import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { Fault, type FaultCode } from '@/server/core/fault';
import { isStoreAway } from '@/server/platform/store-away';

/** The one table from a fault's code to what each protocol calls it. */
const MAPPING = {
  bad_request: { trpc: 'BAD_REQUEST', status: 400, title: 'Bad request' },
  unauthenticated: { trpc: 'UNAUTHORIZED', status: 401, title: 'Not signed in' },
  forbidden: { trpc: 'FORBIDDEN', status: 403, title: 'Not allowed' },
  not_found: { trpc: 'NOT_FOUND', status: 404, title: 'Not found' },
  method_not_allowed: { trpc: 'METHOD_NOT_SUPPORTED', status: 405, title: 'Method not allowed' },
  conflict: { trpc: 'CONFLICT', status: 409, title: 'Conflict' },
  too_large: { trpc: 'PAYLOAD_TOO_LARGE', status: 413, title: 'Too large' },
  rate_limited: { trpc: 'TOO_MANY_REQUESTS', status: 429, title: 'Too many requests' },
  unavailable: { trpc: 'SERVICE_UNAVAILABLE', status: 503, title: 'Unavailable' },
  internal: { trpc: 'INTERNAL_SERVER_ERROR', status: 500, title: 'Internal error' },
} as const satisfies Record<FaultCode, { trpc: TRPCError['code']; status: number; title: string }>;

const UNKNOWN_MESSAGE = 'Something went wrong on our side. Nothing was changed; please try again.';
const AWAY_MESSAGE = 'A store of ours cannot be reached at the moment. Please try again shortly.';

/** Whatever was thrown, as a fault: only faults and failed parses may say in their own words what happened. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  if (thrown instanceof ZodError) {
    const fields = fieldsOf(thrown);
    return new Fault('bad_request', 'The request does not have the expected form.', {
      fields,
      cause: thrown,
    });
  }
  if (thrown instanceof TRPCError) return faultOfTrpc(thrown);
  if (isStoreAway(thrown)) return new Fault('unavailable', AWAY_MESSAGE, { cause: thrown });
  return new Fault('internal', UNKNOWN_MESSAGE, { cause: thrown, detail: String(thrown) });
}

/**
 * What is wrong with an input, field by field; one that is not known is named like any other.
 * @param whole what the input itself is called
 */
export function fieldsOf(error: ZodError, whole = ''): { field: string; reason: string }[] {
  return error.issues.flatMap((issue) => {
    const place = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return [{ field: place || whole, reason: issue.message }];
    return issue.keys.map((key) => ({
      field: place === '' ? key : `${place}.${key}`,
      reason: 'is not known here',
    }));
  });
}

function faultOfTrpc(error: TRPCError): Fault {
  const { cause } = error;
  if (cause instanceof Fault || cause instanceof ZodError || isStoreAway(cause)) return faultOf(cause);
  // What the library refuses by a name of its own (a content type, say) the caller can mend.
  const code =
    (Object.keys(MAPPING) as FaultCode[]).find((key) => MAPPING[key].trpc === error.code) ?? 'bad_request';
  if (code === 'internal') {
    return new Fault('internal', UNKNOWN_MESSAGE, { cause: error.cause ?? error, detail: error.message });
  }
  return new Fault(code, error.message, { cause: error.cause });
}

/** A fault as tRPC's own error, keeping the fault as the cause. */
export function trpcErrorOf(fault: Fault): TRPCError {
  return new TRPCError({ code: MAPPING[fault.code].trpc, message: fault.publicMessage, cause: fault });
}

/** RFC 9457 problem details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: readonly { field: string; reason: string }[];
}

export function problemOf(fault: Fault): Problem {
  const { status, title } = MAPPING[fault.code];
  const problem: Problem = {
    type: `urn:millrace:problem:${fault.code.replaceAll('_', '-')}`,
    title,
    status,
    detail: fault.publicMessage,
  };
  return fault.fields.length > 0 ? { ...problem, errors: fault.fields } : problem;
}

/** A fault as an HTTP answer of `application/problem+json`. */
export function problemResponse(fault: Fault, headers: Record<string, string> = {}): Response {
  const problem = problemOf(fault);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
}
