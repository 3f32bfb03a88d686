import { z } from 'zod';
import { FUNNEL_STEPS, type FunnelStep } from '@/server/processors/funnel-step.schema';

export const liveVisitsSchema = z.strictObject({ step: z.enum(FUNNEL_STEPS) });

/** A visit that goes on, of a customer whose key says nothing of who it is; else without the key. */
export interface LiveVisit {
  /** null: the key is an address or a number of somebody */
  key: string | null;
  /** the key as it may be shown */
  label: string;
  /** the furthest step reached: where it drops off if nothing more comes */
  furthest: FunnelStep;
  platform: string;
  events: number;
  /** ms of event time */
  startedAt: number;
  lastAt: number;
}

export interface LiveVisits {
  /** newest first */
  visits: LiveVisit[];
  /** whether there may be more than were looked at or are told */
  isCut: boolean;
}
