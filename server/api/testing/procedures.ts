import { TRPCError } from '@trpc/server';
import type { z } from 'zod';
import type { RequestContext } from '@/server/identity';
import { createCaller } from '../root';

export interface ListedProcedure {
  path: string;
  type: string;
  /** what `procedure(action)` noted; undefined when the procedure was made without it */
  action: string | undefined;
  inputs: readonly z.ZodType[];
}

interface AnyRouter {
  _def: { procedures: object };
}

/** Every procedure of a router, read from the router itself. */
export function proceduresOf(router: AnyRouter): ListedProcedure[] {
  return Object.entries(router._def.procedures).map(([path, procedure]) => {
    const { type, meta, inputs } = (
      procedure as { _def: { type: string; meta?: { action?: string }; inputs?: z.ZodType[] } }
    )._def;
    return { path, type, action: meta?.action, inputs: inputs ?? [] };
  });
}

/** Calls a procedure by its path, as a request of this person would. */
export function callProcedure(path: string, context: RequestContext): (input: unknown) => Promise<unknown> {
  let found: unknown = createCaller(context);
  for (const part of path.split('.')) found = (found as Record<string, unknown>)[part];
  return found as (input: unknown) => Promise<unknown>;
}

/** `OK`, or the code of the refusal. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'OK';
  } catch (error) {
    return error instanceof TRPCError ? error.code : `thrown ${String(error)}`;
  }
}
