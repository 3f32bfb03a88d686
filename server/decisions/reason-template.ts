import { compileExpression } from './compile-expression';
import type { ExpressionFault } from './rule.schema';
import type { RuleContext } from './rule-context';

/** A sentence with expressions in braces, filled in when a rule fires. */
export interface ReasonTemplate {
  render(context: RuleContext): string;
}

const MAX_EXPRESSIONS = 6;
const MAX_VALUE_LENGTH = 80;
const UNKNOWN = '–';

export type CompiledTemplate = { ok: true; template: ReasonTemplate } | { ok: false; fault: ExpressionFault };

/** `Cart of {card.cart.value} {card.cart.currency}`: a value that cannot be had reads as a dash. */
export function compileTemplate(text: string): CompiledTemplate {
  const parts: (string | ((context: RuleContext) => unknown))[] = [];
  let from = 0;
  let expressions = 0;
  for (const match of text.matchAll(/\{([^{}]*)\}/g)) {
    const start = match.index + 1;
    const compiled = compileExpression(match[1] ?? '');
    expressions += 1;
    if (!compiled.ok) {
      const { message, start: at, end } = compiled.finding;
      return { ok: false, fault: { field: 'then.reason', message, start: start + at, end: start + end } };
    }
    if (expressions > MAX_EXPRESSIONS) {
      const message = `At most ${MAX_EXPRESSIONS} expressions in a reason`;
      return { ok: false, fault: { field: 'then.reason', message, start, end: text.length } };
    }
    parts.push(text.slice(from, match.index), compiled.evaluate);
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return {
    ok: true,
    template: { render: (context) => parts.map((part) => partText(part, context)).join('') },
  };
}

function partText(part: string | ((context: RuleContext) => unknown), context: RuleContext): string {
  if (typeof part === 'string') return part;
  try {
    return valueText(part(context));
  } catch {
    return UNKNOWN;
  }
}

/** How a value of an expression reads in a sentence: numbers with two decimals at most. */
function valueText(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(2);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value === '' ? UNKNOWN : value.slice(0, MAX_VALUE_LENGTH);
  if (value instanceof Date) return value.toISOString();
  return UNKNOWN;
}
