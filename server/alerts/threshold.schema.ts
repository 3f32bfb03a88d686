import { z } from 'zod';
import { instantMsSchema } from '@/server/core/instant-ms.schema';
import { rowNumberSchema } from '@/server/core/row-number.schema';
import { METRIC_KEYS, type MetricKey } from '@/server/observability/metric-catalogue';

export const COMPARISONS = ['above', 'below'] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const SEVERITIES = ['warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What decides when a threshold fires. */
export const conditionSchema = z.strictObject({
  metric: z.enum(METRIC_KEYS, 'Choose a metric.'),
  /** '' for the whole, else `platform=web`, `source=<id>` or `region=<name>` */
  dimension: z
    .string()
    .max(120)
    .regex(/^$|^(platform|source|region)=[\w.-]+$/, 'A dimension reads platform=…, source=… or region=….')
    .default(''),
  comparison: z.enum(COMPARISONS),
  value: z
    .number('Give a number.')
    .min(0, 'No metric goes below zero.')
    .max(1e12, 'That is more than any metric can reach.'),
  /** how long the comparison must hold before it fires */
  holdSeconds: z.number().int('Whole seconds only.').min(0).max(86_400, 'At most a day.'),
});
export type Condition = z.output<typeof conditionSchema>;

export const thresholdForm = conditionSchema.extend({
  name: z.string().trim().min(1, 'Give it a name.').max(80, 'At most 80 characters.'),
  severity: z.enum(SEVERITIES),
  enabled: z.boolean(),
});
export type ThresholdForm = z.output<typeof thresholdForm>;

const id = z.string().min(1).max(80);
export const thresholdId = z.strictObject({ id });
export const firingId = z.strictObject({ id });

/** A change names the version it was made from, so that two people never overwrite each other unseen. */
export const thresholdChange = z.strictObject({
  id,
  version: rowNumberSchema,
  form: thresholdForm,
});

/** The span a draft is tried over, in ms: at most a week. */
export const previewInput = z
  .strictObject({
    condition: conditionSchema,
    from: instantMsSchema,
    to: instantMsSchema,
  })
  .refine(
    ({ from, to }) => to > from && to - from <= 7 * 86_400_000,
    'The span must be positive and at most 7 days.',
  );

export const firingsInput = z.strictObject({
  from: instantMsSchema,
  to: instantMsSchema,
  limit: z.number().int().min(1).max(200).default(100),
});

/** A threshold as people see it. */
export interface ThresholdView extends ThresholdForm {
  id: string;
  version: number;
  updatedBy: string;
  /** ms */
  updatedAt: number;
}

/** One time a threshold was crossed. */
export interface FiringView {
  id: string;
  thresholdId: string;
  thresholdVersion: number;
  name: string;
  metric: MetricKey;
  dimension: string;
  comparison: Comparison;
  threshold: number;
  severity: Severity;
  /** the metric as it fired */
  value: number;
  /** ms */
  startedAt: number;
  endedAt: number | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
}

/** What is published on `alerts:<workspace>`. */
export interface AlertMessage {
  kind: 'fired' | 'ended' | 'acknowledged' | 'thresholdChanged';
  /** ms */
  at: number;
  /** of the firing or the threshold */
  id: string;
  name: string;
  severity: Severity;
  metric: string;
  value: number | null;
}
