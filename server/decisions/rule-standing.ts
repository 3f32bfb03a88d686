import { dpiaObstacle, type SignedRecord } from '@/server/privacy/dpia-standing';
import type { Holdout } from '@/server/processors';
import type { RuleDefinition } from './rule.schema';

/** What decides whether a rule may run, beside its own switch. */
export interface RuleBinding {
  stage: string;
  /** null: nobody is held out, or it was never launched */
  holdout: Holdout | null;
  dpia: (SignedRecord & { purposes: readonly string[] }) | null;
}

const RUNNING_STAGES = new Set(['live', 'measured']);

/**
 * Everything that forbids a rule to run now, in words; empty when it may. Asked when a rule is switched on, on every
 * path, and again each time the stream loads its rules: a signature that lapses stops the rule.
 */
export function ruleObstacles(
  definition: Pick<RuleDefinition, 'purpose'>,
  binding: RuleBinding | null,
  now: number,
): string[] {
  if (binding === null) return ['The rule belongs to no use case'];
  const obstacles: string[] = [];
  const unsigned = dpiaObstacle(binding.dpia, now);
  if (unsigned !== null) obstacles.push(unsigned);
  if (binding.dpia !== null && !binding.dpia.purposes.includes(definition.purpose)) {
    obstacles.push(`The DPIA does not cover the purpose ${definition.purpose}`);
  }
  if (!RUNNING_STAGES.has(binding.stage)) obstacles.push('The use case is not live');
  return obstacles;
}
