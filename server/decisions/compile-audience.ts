import { Fault } from '@/server/core/fault';
import type { RuleAudience } from './audience.schema';
import { inputTexts } from './check-expression';
import { compileCondition } from './compile-expression';
import type { ExpressionFault } from './rule.schema';
import type { AudienceContext } from './rule-context';

export interface CompiledAudience {
  /** source texts of the single values its condition reads */
  inputs: string[];
  /** Whether a customer is in it. A condition that fails on a card does not hold: never throws. */
  includes(context: AudienceContext): boolean;
}

/** What is wrong with the condition of an audience, with its place for the editor; empty when nothing is. */
export function audienceFaults(condition: string): ExpressionFault[] {
  const compiled = compileCondition(condition, 'audience');
  return compiled.ok ? [] : [{ field: 'condition', ...compiled.finding }];
}

/** Makes an audience ready to be asked. Throws a `bad_request` fault with the place of the first error. */
export function compileAudience({
  name,
  condition,
}: Pick<RuleAudience, 'name' | 'condition'>): CompiledAudience {
  const compiled = compileCondition(condition, 'audience');
  if (!compiled.ok) {
    const { message, start, end } = compiled.finding;
    const reason = `${message} (characters ${start + 1}–${end})`;
    throw new Fault('bad_request', `Audience "${name}" has a faulty condition.`, {
      fields: [{ field: 'condition', reason }],
    });
  }
  return {
    inputs: inputTexts(compiled.ast),
    includes(context) {
      try {
        return compiled.evaluate(context) === true;
      } catch {
        return false;
      }
    },
  };
}
