import { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { CardView, CartView, ConsentView, ContactView, EventView, VisitView } from './rule-context';

/** Structural limits of one expression. With them an evaluation stays within some tens of microseconds. */
const LIMITS = {
  maxAstNodes: 200,
  maxDepth: 24,
  maxListElements: 50,
  maxMapEntries: 20,
  maxCallArguments: 8,
};
const MAX_PATTERN_LENGTH = 200;
const MAX_MATCHED_TEXT = 2_000;
const MAX_CACHED_PATTERNS = 500;

const TIMESTAMP = 'google.protobuf.Timestamp';

const patterns = new Map<string, RE2JS>();

/** Compiled once per pattern; throws on a pattern RE2 cannot take. */
export function compilePattern(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known) return known;
  if (pattern.length > MAX_PATTERN_LENGTH) throw new RangeError(`Pattern longer than ${MAX_PATTERN_LENGTH}`);
  const compiled = RE2JS.compile(pattern);
  if (patterns.size >= MAX_CACHED_PATTERNS) patterns.clear();
  patterns.set(pattern, compiled);
  return compiled;
}

function matchesPattern(text: string, pattern: string): boolean {
  return compilePattern(pattern).matcher(text.slice(0, MAX_MATCHED_TEXT)).find();
}

/** JSON numbers are doubles; whole-number literals in a condition are ints. People expect them to mix. */
function mixNumbers(environment: Environment): Environment {
  const operators: Record<string, (a: number, b: number) => number> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  };
  for (const [sign, apply] of Object.entries(operators)) {
    environment.registerOperator(`double ${sign} int`, (a: number, b: bigint) => apply(a, Number(b)));
    environment.registerOperator(`int ${sign} double`, (a: bigint, b: number) => apply(Number(a), b));
  }
  return environment;
}

function createEnvironment(scope: ExpressionScope): Environment {
  const environment = new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS })
    .registerType('EventView', {
      ctor: EventView,
      fields: {
        name: 'string',
        type: 'string',
        platform: 'string',
        customer: 'string',
        time: TIMESTAMP,
        properties: 'map<string, dyn>',
      },
    })
    .registerType('VisitView', {
      ctor: VisitView,
      fields: { live: 'bool', minutes: 'double', events: 'double', platform: 'string' },
    })
    .registerType('CartView', {
      ctor: CartView,
      fields: {
        open: 'bool',
        status: 'string',
        value: 'double',
        currency: 'string',
        items: 'double',
        idleSeconds: 'double',
      },
    })
    .registerType('ContactView', {
      ctor: ContactView,
      fields: { open: 'bool', channel: 'string', turns: 'double', sentiment: 'double', lastTurn: 'double' },
    })
    .registerType('CardView', {
      ctor: CardView,
      fields: {
        visits: 'double',
        orders: 'double',
        revenue: 'double',
        daysSinceOrder: 'double',
        daysKnown: 'double',
        visit: 'VisitView',
        cart: 'CartView',
        contact: 'ContactView',
        traits: 'map<string, dyn>',
      },
    })
    .registerType('ConsentView', { ctor: ConsentView, fields: { denied: 'list<string>' } })
    .registerVariable('card', 'CardView')
    .registerVariable('consent', 'ConsentView')
    .registerFunction('EventView.number(string): double', (event: EventView, key: string) =>
      event.number(key),
    )
    .registerFunction('EventView.text(string): string', (event: EventView, key: string) => event.text(key))
    .registerFunction(
      'CardView.count(string, int): double',
      (card: CardView, name: string, minutes: bigint) => card.count(name, Number(minutes)),
    )
    .registerFunction('ConsentView.allows(string): bool', (consent: ConsentView, purpose: string) =>
      consent.allows(purpose),
    )
    .registerFunction('re(string, string): bool', matchesPattern);
  if (scope === 'rule') environment.registerVariable('event', 'EventView');
  return mixNumbers(environment);
}

/** What an expression may name: an audience is about a customer at any time, so it knows no event. */
export type ExpressionScope = 'rule' | 'audience';

const shared: Partial<Record<ExpressionScope, Environment>> = {};

/** The one environment of all expressions of a scope: making it is expensive, and it holds no state of any. */
export function expressionEnvironment(scope: ExpressionScope): Environment {
  shared[scope] ??= createEnvironment(scope);
  return shared[scope];
}
