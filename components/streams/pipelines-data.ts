import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '@/server/api/root';

export type Pipelines = inferRouterOutputs<AppRouter>['windows']['pipelines'];
export type Pipeline = Pipelines['pipelines'][number];
