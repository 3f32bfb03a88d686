import { apiKeysRouter, sourcesRouter } from '@/server/identity/keys.router';
import { meRouter } from '@/server/identity/me.router';
import { peopleRouter } from '@/server/identity/people.router';
import { createCallerFactory, router } from '@/server/identity/trpc';
import { workspaceRouter } from '@/server/identity/workspace.router';

/** Every module's router, one line each. */
export const appRouter = router({
  me: meRouter,
  people: peopleRouter,
  sources: sourcesRouter,
  apiKeys: apiKeysRouter,
  workspace: workspaceRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
