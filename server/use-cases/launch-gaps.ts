import { dpiaObstacle, type SignedRecord } from '@/server/privacy/dpia-standing';
import { APPROVED_STAGES, RUNNING_STAGES, type Stage } from './use-case-stage.schema';

export interface LaunchFacts {
  metric: string | null;
  /** percent */
  predictedChange: number | null;
  ownerId: string | null;
  /** the owner still belongs to the workspace */
  ownerIsMember: boolean;
  dpia: SignedRecord | null;
  scores: number;
}

export interface Gap {
  field: 'metric' | 'prediction' | 'owner' | 'dpia' | 'score' | 'holdout';
  reason: string;
}

const NO_METRIC: Gap = { field: 'metric', reason: 'No live metric is bound' };

/** Without a prediction there is nothing that the measured change could prove wrong. */
const NO_PREDICTION: Gap = { field: 'prediction', reason: 'No change of the metric is predicted' };

function approvalGaps({ metric, predictedChange }: LaunchFacts): Gap[] {
  const gaps = metric === null ? [NO_METRIC] : [];
  return predictedChange === null || predictedChange === 0 ? [...gaps, NO_PREDICTION] : gaps;
}

/** What a use case needs to be at a stage: nothing is approved that no metric can judge, or that promises nothing. */
export function stageGaps(facts: LaunchFacts, stage: Stage, now: number): Gap[] {
  if (RUNNING_STAGES.has(stage)) return launchGaps(facts, now);
  return APPROVED_STAGES.has(stage) ? approvalGaps(facts) : [];
}

/** Everything that is missing before a use case may act on customers, in words. */
export function launchGaps(facts: LaunchFacts, now: number): Gap[] {
  const gaps = approvalGaps(facts);
  if (facts.ownerId === null) gaps.push({ field: 'owner', reason: 'Nobody owns it' });
  else if (!facts.ownerIsMember) gaps.push({ field: 'owner', reason: 'Its owner has left the workspace' });
  const obstacle = dpiaObstacle(facts.dpia, now);
  if (obstacle !== null) gaps.push({ field: 'dpia', reason: obstacle });
  return gaps;
}

/** What a move to a stage needs, beyond what the use case has. */
export function moveGaps(facts: LaunchFacts, from: Stage, to: Stage, now: number): Gap[] {
  if (RUNNING_STAGES.has(to)) return RUNNING_STAGES.has(from) ? [] : launchGaps(facts, now);
  if (APPROVED_STAGES.has(to)) return stageGaps(facts, to, now);
  if (to === 'scored' && facts.scores === 0) return [{ field: 'score', reason: 'Nobody has scored it' }];
  return [];
}
