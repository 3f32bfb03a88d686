import { z } from 'zod';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import {
  checkDeliveries,
  DRILL_ROUND_MS,
  dropOldContests,
  dropOldEscalations,
  dropOldRecords,
  dropOldSamples,
  dropOldSignals,
  dropOldWaits,
  EXPIRE_EVERY_MS,
  ensureHistoryDays,
  expireStates,
  INVENTORY_EVERY_MS,
  runDrills,
  SNAPSHOT_ROUND_MS,
  SWEEP_ROUND_MS,
  sweepState,
  takeInventory,
  takeSnapshots,
} from '@/server/history';
import type { Deps } from '@/server/platform/deps';
import { consentParity, TAKE_SIGNALS_EVERY_MS, takeSignals } from '@/server/privacy';
import { recordTotals, watchChoices } from '@/server/scaling';
import { SUPERVISE_EVERY_MS, superviseQueue } from '@/server/use-cases/queue-supervision.service';

/** A kind of scheduled work. Its name is also its deduplication key: there is one scheduler of each. */
export interface JobDefinition {
  /** how often */
  everyMs: number;
  attempts: number;
  /** doubled with every attempt */
  backoffMs: number;
  payload: z.ZodType;
  /** @returns what is kept with the job, for those who look */
  run(deps: Deps): Promise<unknown>;
}

const nothing = z.strictObject({});

/** Of what leaves by age. */
const dropping = (run: JobDefinition['run'], everyMs: number): JobDefinition => ({
  everyMs,
  attempts: 3,
  backoffMs: MINUTE_MS,
  payload: nothing,
  run,
});

/** Every scheduled job there is. */
export const JOB_CATALOGUE = {
  'history.prepareDays': {
    everyMs: HOUR_MS,
    attempts: 5,
    backoffMs: 10 * SECOND_MS,
    payload: nothing,
    run: ensureHistoryDays,
  },
  'history.checkDeliveries': {
    everyMs: MINUTE_MS,
    attempts: 1,
    backoffMs: SECOND_MS,
    payload: nothing,
    run: checkDeliveries,
  },
  'partition.recordTotals': {
    everyMs: MINUTE_MS,
    attempts: 2,
    backoffMs: 5 * SECOND_MS,
    payload: nothing,
    run: recordTotals,
  },
  'metric.dropOldSamples': dropping(dropOldSamples, 6 * HOUR_MS),
  'sentiment.dropOldContests': dropping(dropOldContests, 6 * HOUR_MS),
  'consent.dropOldSignals': dropping(dropOldSignals, 6 * HOUR_MS),
  'escalation.dropOld': dropping(dropOldEscalations, 6 * HOUR_MS),
  'wait.dropOld': dropping(dropOldWaits, 6 * HOUR_MS),
  'consent.checkParity': {
    everyMs: MINUTE_MS,
    attempts: 2,
    backoffMs: 5 * SECOND_MS,
    payload: nothing,
    run: consentParity,
  },
  'consent.takeSignals': {
    everyMs: TAKE_SIGNALS_EVERY_MS,
    attempts: 1,
    backoffMs: SECOND_MS,
    payload: nothing,
    run: takeSignals,
  },
  'choice.watch': {
    everyMs: 15 * SECOND_MS,
    attempts: 1,
    backoffMs: SECOND_MS,
    payload: nothing,
    run: watchChoices,
  },
  'history.dropOldRecords': dropping(dropOldRecords, HOUR_MS),
  'snapshot.take': {
    everyMs: SNAPSHOT_ROUND_MS,
    attempts: 1,
    backoffMs: SECOND_MS,
    payload: nothing,
    run: (deps) => takeSnapshots(deps),
  },
  'snapshot.drill': {
    everyMs: DRILL_ROUND_MS,
    attempts: 1,
    backoffMs: SECOND_MS,
    payload: nothing,
    run: (deps) => runDrills(deps),
  },
  'state.recompute': {
    everyMs: SWEEP_ROUND_MS,
    attempts: 1,
    backoffMs: SECOND_MS,
    payload: nothing,
    run: (deps) => sweepState(deps),
  },
  'state.takeInventory': {
    everyMs: INVENTORY_EVERY_MS,
    attempts: 2,
    backoffMs: MINUTE_MS,
    payload: nothing,
    run: takeInventory,
  },
  'state.expire': {
    everyMs: EXPIRE_EVERY_MS,
    attempts: 1,
    backoffMs: MINUTE_MS,
    payload: nothing,
    run: expireStates,
  },
  'queue.supervise': {
    everyMs: SUPERVISE_EVERY_MS,
    attempts: 1,
    backoffMs: SECOND_MS,
    payload: nothing,
    run: superviseQueue,
  },
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof JOB_CATALOGUE;
export const JOB_NAMES = Object.keys(JOB_CATALOGUE) as JobName[];

/** @returns undefined for a name of another release */
export function jobDefinition(name: string): JobDefinition | undefined {
  return name in JOB_CATALOGUE ? JOB_CATALOGUE[name as JobName] : undefined;
}
