import { Fault } from '@/server/core/fault';
import type { Json, JsonObject } from '@/server/core/json';
import type { Holdout } from '@/server/processors';
import type { RuleAudience } from './audience.schema';
import { inputTexts } from './check-expression';
import { type CompiledAudience, compileAudience } from './compile-audience';
import { compileCondition, compileExpression } from './compile-expression';
import { compileTemplate } from './reason-template';
import type { ExpressionFault, RuleDefinition } from './rule.schema';
import type { RuleContext } from './rule-context';
import { compileHours } from './rule-hours';

/** A rule as it stands at a version, ready to be compiled. */
export interface RuleAtVersion {
  id: string;
  version: number;
  name: string;
  definition: RuleDefinition;
  /** whom it is for; none: everyone */
  audience?: RuleAudience | null | undefined;
  /** the use case it acts for, and whom that one leaves alone */
  useCaseId?: string | null | undefined;
  holdout?: Holdout | undefined;
}

export interface CompiledRule extends RuleAtVersion {
  /** whom it is for, to be asked before the condition; null: everyone */
  members: CompiledAudience | null;
  /** Whether the condition holds. Throws what the expression throws, such as a missing key. */
  holds(context: RuleContext): boolean;
  within(at: number): boolean;
  /** The values the audience and the condition read, as kept with the decision. */
  inputs(context: RuleContext): JsonObject;
  action(context: RuleContext): JsonObject;
}

const MAX_INPUT_TEXT = 200;

/** What is wrong with the expressions of a rule, with places for the editor; empty when nothing is. */
export function expressionFaults(definition: Pick<RuleDefinition, 'if' | 'then'>): ExpressionFault[] {
  const faults: ExpressionFault[] = [];
  if (definition.if.trim() !== '') {
    const condition = compileCondition(definition.if);
    if (!condition.ok) faults.push({ field: 'if', ...condition.finding });
  }
  const template = compileTemplate(definition.then.reason);
  if (!template.ok) faults.push(template.fault);
  return faults;
}

/**
 * Makes a rule ready to run. Throws a `bad_request` fault that names the field and place of the first error.
 * @param members its audience compiled, where several rules share it
 */
export function compileRule(
  rule: RuleAtVersion,
  members: CompiledAudience | null = rule.audience ? compileAudience(rule.audience) : null,
): CompiledRule {
  const { definition } = rule;
  const [first] = expressionFaults(definition);
  const template = compileTemplate(definition.then.reason);
  if (first || !template.ok) {
    const reason = first ? `${first.message} (characters ${first.start + 1}–${first.end})` : 'Not a template';
    throw new Fault('bad_request', `Rule "${rule.name}" has a faulty expression.`, {
      fields: [{ field: first?.field ?? 'then.reason', reason }],
    });
  }
  const source = definition.if.trim();
  const condition = source === '' ? null : compileCondition(source);
  const texts = condition?.ok ? inputTexts(condition.ast) : [];
  const inputs = readers(new Set([...(members?.inputs ?? []), ...texts]));
  return {
    ...rule,
    members,
    holds: condition?.ok ? (context) => condition.evaluate(context) === true : () => true,
    within: definition.hours ? compileHours(definition.hours) : () => true,
    inputs: (context) => readInputs(inputs, context),
    action: (context) => actionOf(rule, template.template.render(context)),
  };
}

type Reader = [text: string, read: (context: RuleContext) => unknown];

function readers(texts: Iterable<string>): Reader[] {
  const found: Reader[] = [];
  for (const text of texts) {
    const compiled = compileExpression(text);
    // A property behind has(…) is refused when it stands alone; its value is then read by the guarded form.
    const guarded = compiled.ok ? compiled : compileExpression(`has(${text}) ? dyn(${text}) : dyn(null)`);
    if (guarded.ok) found.push([text, guarded.evaluate]);
  }
  return found;
}

function readInputs(inputs: readonly Reader[], context: RuleContext): JsonObject {
  const values: JsonObject = {};
  for (const [text, read] of inputs) {
    try {
      values[text] = jsonOf(read(context));
    } catch {
      values[text] = null;
    }
  }
  return values;
}

function jsonOf(value: unknown): Json {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return value.slice(0, MAX_INPUT_TEXT);
  if (value instanceof Date) return value.toISOString();
  return value === null || value === undefined
    ? null
    : (JSON.stringify(value)?.slice(0, MAX_INPUT_TEXT) ?? null);
}

function actionOf(rule: RuleAtVersion, reason: string): JsonObject {
  const { kind, title, value } = rule.definition.then;
  const base: JsonObject = { kind, title, reason, rule: rule.name, priority: rule.definition.priority };
  return value === undefined ? base : { ...base, value };
}
