import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '@/server/api/root';

type Outputs = inferRouterOutputs<AppRouter>;

export type Checkpoints = Outputs['checkpoints']['overview'];
export type PartitionCheckpoint = Checkpoints['partitions'][number];
export type Drill = Checkpoints['drills'][number];
export type CheckpointEstimate = NonNullable<Checkpoints['curve']>[number];
export type StateOverview = Outputs['state']['overview'];
export type KindGrowth = StateOverview['kinds'][number];
export type ExpiryReport = Outputs['state']['tryExpiry'];
export type ExplainedState = Outputs['state']['explain'][number];
