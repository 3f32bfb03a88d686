import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '@/server/api/root';

type LabelQuality = inferRouterOutputs<AppRouter>['sentiment']['quality'];

export type PeriodQuality = LabelQuality['periods'][number];
export type Benchmark = LabelQuality['benchmark'];
