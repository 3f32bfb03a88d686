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

export interface CompletionItem {
  /** what is inserted */
  text: string;
  type: string;
  help: string;
}

/** Fields and functions with their help: the one list behind type check, completion and the help drawer. */
export const EXPRESSION_HELP: readonly CompletionItem[] = [
  { text: 'event.name', type: 'string', help: 'name of the event, such as "Product Added"' },
  { text: 'event.type', type: 'string', help: 'track, identify, page, screen, group or alias' },
  { text: 'event.platform', type: 'string', help: 'web, ios, android, server, store or device' },
  { text: 'event.customer', type: 'string', help: 'customer key' },
  { text: 'event.time', type: 'timestamp', help: 'event time; event.time.getHours("Europe/Berlin")' },
  { text: 'event.properties', type: 'map', help: 'properties as sent; ask has(event.properties.x) first' },
  { text: 'event.number("total")', type: 'double', help: 'a property as a number, 0 when absent' },
  { text: 'event.text("currency")', type: 'string', help: 'a property as text, empty when absent' },
  { text: 'card.visits', type: 'double', help: 'visits known' },
  { text: 'card.orders', type: 'double', help: 'orders known' },
  {
    text: 'card.revenue',
    type: 'double',
    help: 'money of all orders less refunds, in the workspace currency',
  },
  { text: 'card.daysSinceOrder', type: 'double', help: 'days since the last order; 1e9 without any' },
  { text: 'card.daysKnown', type: 'double', help: 'days since the first event' },
  { text: 'card.traits', type: 'map', help: 'traits as sent; ask has(card.traits.x) first' },
  {
    text: 'card.count("Payment Failed", 30)',
    type: 'double',
    help: 'events of a name in the last minutes, of the last 20',
  },
  { text: 'card.visit.live', type: 'bool', help: 'the customer is visiting now' },
  { text: 'card.visit.minutes', type: 'double', help: 'minutes since the visit began' },
  { text: 'card.visit.events', type: 'double', help: 'events in the visit' },
  { text: 'card.cart.open', type: 'bool', help: 'a cart is open' },
  { text: 'card.cart.status', type: 'string', help: 'none, open, checkout, paymentFailed or abandoned' },
  { text: 'card.cart.value', type: 'double', help: 'value of the cart, in card.cart.currency' },
  { text: 'card.cart.currency', type: 'string', help: 'currency of the cart' },
  { text: 'card.cart.items', type: 'double', help: 'number of items in the cart' },
  { text: 'card.cart.idleSeconds', type: 'double', help: 'seconds since the last cart event' },
  { text: 'card.contact.open', type: 'bool', help: 'a call or chat is on' },
  { text: 'card.contact.channel', type: 'string', help: 'none, call or chat' },
  { text: 'card.contact.turns', type: 'double', help: 'final turns of the customer' },
  { text: 'card.contact.sentiment', type: 'double', help: 'sentiment of the contact, −1 to 1' },
  { text: 'card.contact.lastTurn', type: 'double', help: 'sentiment of the last customer turn, −1 to 1' },
  { text: 'consent.allows("marketing")', type: 'bool', help: 'the customer has not denied the purpose' },
  { text: 'consent.denied', type: 'list<string>', help: 'purposes denied' },
  {
    text: 're(event.text("url"), "/sale/.*")',
    type: 'bool',
    help: 'regular expression without backtracking, anywhere in the text',
  },
  { text: 'has(event.properties.x)', type: 'bool', help: 'whether a property is there' },
  { text: 'size(event.name)', type: 'int', help: 'length of a text, list or map' },
];

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

function createEnvironment(): Environment {
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
      fields: { live: 'bool', minutes: 'double', events: 'double' },
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
    .registerVariable('event', 'EventView')
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
  return mixNumbers(environment);
}

let shared: Environment | undefined;

/** The one environment of all rules: making it is expensive, and it holds no state of a rule. */
export function ruleEnvironment(): Environment {
  shared ??= createEnvironment();
  return shared;
}
