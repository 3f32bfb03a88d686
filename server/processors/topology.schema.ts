import type { FactKind } from '@/server/streaming/fact';

/** Operators of the pure step, in the order in which an event meets them. */
export const STEP_OPERATORS = [
  'metrics',
  'consent',
  'identity',
  'late',
  'visits',
  'context',
  'contacts',
  'purchases',
  'carts',
  'timers',
  'rules',
  'queue',
] as const;
export type StepOperator = (typeof STEP_OPERATORS)[number];
export type OperatorKey = StepOperator | 'collector' | 'log' | 'archive' | 'thresholds' | 'push';

/** Growing counters that rates are made of: of the log (`appended` …) or of the partitions' aggregates. */
export type Measure =
  | 'appended'
  | 'processed'
  | 'archived'
  | 'deadLetters'
  | 'events'
  | 'decisions'
  | 'optedOut'
  | 'late'
  | 'visits'
  | 'orders'
  | 'refunds'
  | 'cartsOpened'
  | 'cartsConverted'
  | 'cartsAbandoned'
  | 'cartsEmptied'
  | 'cartsRecovered'
  | 'directOrders';

/**
 * What becomes of an event later than the allowed lateness. `corrects`: it counts all the same. `sideOutput`: it goes to
 * the list of late events with what it would have changed. In time, whatever the order, all operators correct: what was
 * published is taken back and published anew.
 */
export type LatePolicy = 'corrects' | 'sideOutput';

export interface OperatorDefinition {
  key: OperatorKey;
  name: string;
  about: string;
  /** what it is deployed with; `main`, `archive` and `metrics` are processor groups with leases of their own */
  group: 'door' | 'main' | 'archive' | 'metrics' | 'screens';
  /** sums of counters, or the share of followed events that came to it */
  takes: readonly Measure[] | 'sampled';
  /** empty: it keeps state or changes screens, and gives nothing countable */
  gives: readonly Measure[];
  /** kinds of facts it may publish or take back */
  emits: readonly FactKind[];
  late?: LatePolicy;
}

const CART_FACTS = [
  'cartOpened',
  'cartConverted',
  'cartAbandoned',
  'cartEmptied',
  'cartRecovered',
  'directOrder',
] as const satisfies readonly FactKind[];

/**
 * The topology as data: what the console draws, and what a test holds against the step as it runs. Every operator of the
 * step reports under its key here; a fact comes from an operator that is said to emit it.
 */
export const OPERATORS: readonly OperatorDefinition[] = [
  {
    key: 'collector',
    name: 'Collector',
    about:
      'Checks the key, the shape and the size, masks what must not be kept, chooses the partition by customer key and acknowledges when the event is on disk.',
    group: 'door',
    takes: ['appended', 'deadLetters'],
    gives: ['appended'],
    emits: [],
  },
  {
    key: 'log',
    name: 'Event log',
    about:
      'Ordered entries per partition, fsynced before they are acknowledged, trimmed only behind the slowest group.',
    group: 'door',
    takes: ['appended'],
    gives: ['processed'],
    emits: [],
  },
  {
    key: 'consent',
    name: 'Consent',
    about:
      'Leaves events of customers who opted out uncounted for them; the version is checked in the commit again.',
    group: 'main',
    takes: ['events'],
    gives: [],
    emits: [],
  },
  {
    key: 'identity',
    name: 'Identity links',
    about:
      'When two keys of one person meet, asks the other key’s history to come through the outbox and merges it; events of a moved key are sent after it.',
    group: 'main',
    takes: 'sampled',
    gives: [],
    emits: ['visit', ...CART_FACTS],
  },
  {
    key: 'late',
    name: 'Late events',
    about:
      'Events older than the allowed lateness of their customer: listed with what was published and what would have been.',
    group: 'main',
    takes: ['late'],
    gives: ['late'],
    emits: ['late'],
  },
  {
    key: 'visits',
    name: 'Visits',
    about: 'Session windows per customer with a gap, their steps and the live funnel.',
    group: 'main',
    takes: ['events'],
    gives: ['visits'],
    emits: ['visit'],
    late: 'sideOutput',
  },
  {
    key: 'carts',
    name: 'Carts',
    about: 'The cart of a customer as a state machine: opened, converted, abandoned, emptied, recovered.',
    group: 'main',
    takes: 'sampled',
    gives: [
      'cartsOpened',
      'cartsConverted',
      'cartsAbandoned',
      'cartsEmptied',
      'cartsRecovered',
      'directOrders',
    ],
    emits: CART_FACTS,
    late: 'sideOutput',
  },
  {
    key: 'purchases',
    name: 'Purchases',
    about: 'Recency, frequency and monetary value per customer, with refunds. Has no window.',
    group: 'main',
    takes: ['orders', 'refunds'],
    gives: ['orders', 'refunds'],
    emits: ['order', 'refund'],
    late: 'corrects',
  },
  {
    key: 'contacts',
    name: 'Sentiment',
    about: 'Calls and chats turn by turn, each customer turn scored for sentiment.',
    group: 'main',
    takes: 'sampled',
    gives: [],
    emits: [],
    late: 'sideOutput',
  },
  {
    key: 'context',
    name: 'Context',
    about: 'The last twenty events and the traits of a customer, for the agent’s card.',
    group: 'main',
    takes: ['events'],
    gives: [],
    emits: [],
    late: 'sideOutput',
  },
  {
    key: 'timers',
    name: 'Timers',
    about:
      'Closes by event time what no event closes: abandoned carts and ended visits; settles what no event in time can change.',
    group: 'main',
    takes: ['events'],
    gives: ['cartsAbandoned'],
    emits: ['cartAbandoned'],
    late: 'sideOutput',
  },
  {
    key: 'rules',
    name: 'Rules',
    about:
      'When, if, then: decides the next best action where consent allows it, and rests for the cool-down.',
    group: 'main',
    takes: 'sampled',
    gives: ['decisions'],
    emits: [],
    late: 'sideOutput',
  },
  {
    key: 'queue',
    name: 'Queue',
    about: 'Who stands in the agents’ queue, why, and since when.',
    group: 'main',
    takes: ['events'],
    gives: [],
    emits: [],
  },
  {
    key: 'metrics',
    name: 'Metrics',
    about: 'Counters and gauges of the partition, by platform and source, pushed with the commit.',
    group: 'main',
    takes: ['events'],
    gives: ['events'],
    emits: [],
  },
  {
    key: 'archive',
    name: 'Archive',
    about: 'Copies events, facts, decisions and late events to Postgres, exactly once by its own offset.',
    group: 'archive',
    takes: ['archived'],
    gives: ['archived'],
    emits: [],
  },
  {
    key: 'thresholds',
    name: 'Thresholds',
    about:
      'Once a second makes every metric out of the counters, keeps samples for charts and usual bands, judges the thresholds and tells the screens which fire.',
    group: 'metrics',
    takes: ['processed'],
    gives: [],
    emits: [],
  },
  {
    key: 'push',
    name: 'Live push',
    about: 'What a commit changed, to the rooms of the console: numbers, so that a gap is noticed.',
    group: 'screens',
    takes: ['processed'],
    gives: [],
    emits: [],
  },
];

const BY_KEY = new Map(OPERATORS.map((operator) => [operator.key, operator]));

export function operatorOf(key: OperatorKey): OperatorDefinition {
  const found = BY_KEY.get(key);
  if (!found) throw new RangeError(`There is no operator ${key}.`);
  return found;
}
