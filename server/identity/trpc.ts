import { initTRPC } from '@trpc/server';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import type { PersonActor } from './actor';
import { assertKeepable } from './assert-keepable';
import { faultOf, trpcErrorOf } from './fault-mapping';
import { type Action, may } from './policy';

/** What a request brings before anyone asked whether it is allowed. */
export interface RequestContext {
  actor: PersonActor | null;
  deps: Deps;
}

/** Every procedure names the action of the policy it stands for; the policy test reads it from here. */
export interface ProcedureMeta {
  action: Action;
}

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    errorFormatter({ shape, error }) {
      const fault = faultOf(error);
      return {
        code: shape.code,
        message: fault.publicMessage,
        data: {
          code: shape.data.code,
          httpStatus: shape.data.httpStatus,
          path: shape.data.path,
          fault: fault.code,
          fields: fault.fields,
        },
      };
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Faults keep their own code; anything else is internal and says nothing of itself. */
const mapFaults = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  if (result.error.code === 'INTERNAL_SERVER_ERROR') throw trpcErrorOf(faultOf(result.error.cause));
  return result;
});

const refuseUnkeepable = t.middleware(async ({ getRawInput, next }) => {
  try {
    assertKeepable(await getRawInput());
  } catch (thrown) {
    throw trpcErrorOf(faultOf(thrown));
  }
  return next();
});

/**
 * A procedure that stands for an action of the policy. It refuses who is not signed in (`UNAUTHORIZED`) and whose role
 * may not do this (`FORBIDDEN`) before the input is looked at.
 */
export function procedure(action: Action) {
  return t.procedure
    .meta({ action })
    .use(mapFaults)
    .use(({ ctx, next }) => {
      const { actor } = ctx;
      if (actor === null) throw trpcErrorOf(new Fault('unauthenticated', 'Sign in first.'));
      if (!may(actor.role, action)) {
        throw trpcErrorOf(new Fault('forbidden', `Your role (${actor.role}) may not do this.`));
      }
      return next({ ctx: { actor, deps: ctx.deps } });
    })
    .use(refuseUnkeepable);
}
