import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '@/server/api/root';

type Outputs = inferRouterOutputs<AppRouter>;

export type OptOutRequest = Outputs['privacy']['optOuts']['requests'][number];
export type ConsentCard = Outputs['privacy']['consent'];
export type Clock = Outputs['privacy']['clocks']['clocks'][number];
export type SignalsSeen = Outputs['privacy']['signals'];
export type AccessRow = Outputs['privacy']['access']['rows'][number];
export type AuditRow = Outputs['privacy']['audit']['rows'][number];
export type Dpia = Outputs['dpia']['list'][number];
export type Reveal = Outputs['customers']['reveals'][number];
export type Look = Outputs['privacy']['looks']['rows'][number];
export type SubjectReport = Outputs['subjectReports']['make'];
