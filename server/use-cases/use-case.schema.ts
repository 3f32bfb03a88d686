import { z } from 'zod';
import { METRIC_KEYS } from '@/server/observability/metric-catalogue';
import { MAX_HOLDOUT_PERCENT, SCALE_MAX, STAGES } from './use-case-stage.schema';

export const useCaseInputSchema = z.object({
  title: z.string().trim().min(3, 'At least 3 characters').max(120),
  summary: z.string().trim().max(2_000),
  metric: z.enum(METRIC_KEYS).nullable(),
  ownerId: z.string().max(80).nullable(),
  dpiaId: z.string().max(60).nullable(),
  /** expected change of the metric, in percent */
  predictedChange: z.number().min(-100).max(1_000).nullable(),
  /** share of customers its rules leave alone, to compare with */
  holdoutPercent: z.number().int('Whole percents').min(0).max(MAX_HOLDOUT_PERCENT),
});
export type UseCaseInput = z.infer<typeof useCaseInputSchema>;

const scale = z.number().int().min(1).max(SCALE_MAX);
export const scoreInputSchema = z.object({
  id: z.string().max(60),
  value: scale,
  effort: scale,
  note: z.string().trim().max(500),
});

export const moveInputSchema = z.object({
  id: z.string().max(60),
  stage: z.enum(STAGES),
  /** the card it is put before; absent: at the end */
  beforeId: z.string().max(60).optional(),
});

export interface Baseline {
  /** mean of the metric before the launch; null when there was not enough history */
  mean: number | null;
  /** the middle four fifths of the samples; absent where it was taken before this was kept */
  low?: number | null;
  high?: number | null;
  samples: number;
  /** ISO times of the span it was taken over */
  from: string;
  to: string;
  metric: string;
}
