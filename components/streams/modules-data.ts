import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '@/server/api/root';

type Outputs = inferRouterOutputs<AppRouter>;

export type RunningModules = Outputs['modules']['running'];
export type RunningModule = RunningModules['modules'][number];
