import { type ASTNode, TypeError as CelTypeError, ParseError, type ParseResult } from '@marcbachmann/cel-js';
import { checkExpression, type Finding } from './check-expression';
import { MAX_CONDITION_LENGTH } from './rule.schema';
import type { AudienceContext, RuleContext } from './rule-context';
import { type ExpressionScope, expressionEnvironment } from './rule-environment';

export type Compiled =
  | { ok: true; type: string; ast: ASTNode; evaluate: (context: RuleContext | AudienceContext) => unknown }
  | { ok: false; finding: Finding };

/** Parses, type-checks and examines one expression. Never throws; the finding carries the place of the first fault. */
export function compileExpression(source: string, scope: ExpressionScope = 'rule'): Compiled {
  if (source.length > MAX_CONDITION_LENGTH) {
    return fault(`Longer than ${MAX_CONDITION_LENGTH} characters`, MAX_CONDITION_LENGTH, source.length);
  }
  let parsed: ParseResult;
  try {
    parsed = expressionEnvironment(scope).parse(source);
  } catch (error) {
    return { ok: false, finding: findingOf(error, source, scope) };
  }
  const refused = checkExpression(parsed.ast);
  const checked = parsed.check();
  if (!checked.valid) return { ok: false, finding: findingOf(checked.error, source, scope) };
  if (refused) return { ok: false, finding: refused };
  return { ok: true, type: checked.type ?? 'dyn', ast: parsed.ast, evaluate: parsed };
}

/** A condition must say true or false. */
export function compileCondition(source: string, scope: ExpressionScope = 'rule'): Compiled {
  const compiled = compileExpression(source, scope);
  if (!compiled.ok || compiled.type === 'bool') return compiled;
  return fault(`The condition must be true or false, this is ${compiled.type}`, 0, source.length);
}

function fault(message: string, start: number, end: number): Compiled {
  return { ok: false, finding: { message, start, end } };
}

function findingOf(error: unknown, source: string, scope: ExpressionScope): Finding {
  if (error instanceof ParseError || error instanceof CelTypeError) {
    const start = error.range?.start ?? 0;
    return {
      message: plainMessage(error.code, error.summary, scope),
      start,
      end: error.range?.end ?? source.length,
    };
  }
  const message = error instanceof Error ? error.message.split('\n')[0] : undefined;
  return { message: message ?? 'Not an expression', start: 0, end: source.length };
}

const NAMES: Record<ExpressionScope, string> = {
  rule: 'event, card or consent',
  audience: 'card or consent',
};

const PLAIN_MESSAGES: Record<string, (summary: string, scope: ExpressionScope) => string> = {
  no_such_key: (summary) => `There is no field ${summary.split(': ').pop()} here`,
  unknown_variable: (summary, scope) => `Unknown name ${summary.split(': ').pop()}: use ${NAMES[scope]}`,
  no_such_overload: (summary) => `These do not fit together: ${summary.split(': ').pop()}`,
};

function plainMessage(code: string, summary: string, scope: ExpressionScope): string {
  return PLAIN_MESSAGES[code]?.(summary, scope) ?? summary;
}
