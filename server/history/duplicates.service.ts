import { readDedupCoverage } from '@/server/event-log';
import { shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { sumChecks } from './delivery-check.repository';
import { countSuppressed, mostRepeated, promisedCoverageMs } from './duplicates.repository';
import type { DuplicatesInput, DuplicatesLedger } from './duplicates.schema';

const COURSE_STEPS = 120;
const LEAST_STEP_MS = 10_000;
const SHOWN_IDS = 50;

/** Repeats of a span: seen, suppressed, leaked, and how far back ids are recognised now. */
export async function duplicatesLedger(
  deps: Deps,
  workspaceId: string,
  span: DuplicatesInput,
): Promise<DuplicatesLedger> {
  const { from, to } = span;
  const stepMs = Math.max(
    LEAST_STEP_MS,
    Math.ceil((to - from) / COURSE_STEPS / LEAST_STEP_MS) * LEAST_STEP_MS,
  );
  const shards = await shardsOf(deps, workspaceId);
  const [course, repeated, checks, covered] = await Promise.all([
    countSuppressed(deps, workspaceId, shards, { from, to, stepMs }),
    mostRepeated(deps, workspaceId, shards, span, SHOWN_IDS),
    sumChecks(deps, workspaceId, from, to),
    Promise.all(shards.map(({ shardId }) => readDedupCoverage(deps.logRedis, shardId, deps.now()))),
  ]);
  const suppressed = course.reduce((sum, step) => sum + step.suppressed, 0);
  const known = covered.filter((each) => each !== null);
  return {
    seen: suppressed + checks.leaked,
    suppressed,
    leaked: checks.leaked,
    checked: { from: checks.from, to: checks.to, events: checks.events, sampled: checks.sampled },
    outOfOrder: checks.outOfOrder,
    coverage: known.length === 0 ? null : { coveredMs: Math.min(...known), promisedMs: promisedCoverageMs() },
    stepMs,
    course,
    repeated,
  };
}
