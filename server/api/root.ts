import { meRouter } from '@/server/identity/me.router';
import { createCallerFactory, router } from '@/server/identity/trpc';

/** Every module's router, one line each. */
export const appRouter = router({
  me: meRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
