/**
 * Every live metric there is: what thresholds watch, use cases bind to, and charts draw. One place says its name, unit
 * and how it comes about; readings are made by `readingsOf`.
 */
export interface MetricDefinition {
  key: string;
  title: string;
  /** what stands behind the number */
  unit: string;
  /** the span it is taken over, in plain words */
  window: string;
  /** which way is good */
  better: 'up' | 'down';
  /** how it is computed, for the help beside a choice */
  about: string;
}

export const METRICS = [
  {
    key: 'eventsPerSecond',
    title: 'Events in',
    unit: 'events/s',
    window: 'last 10 s',
    better: 'up',
    about: 'Customer events processed in the last ten seconds, divided by ten.',
  },
  {
    key: 'lagSeconds',
    title: 'Lag, worst partition',
    unit: 's',
    window: 'now',
    better: 'down',
    about:
      'Now minus the log time of the oldest unprocessed record, of the partition that is furthest behind.',
  },
  {
    key: 'errorsPerMinute',
    title: 'Errors',
    unit: 'per min',
    window: 'last 60 s',
    better: 'down',
    about: 'Records that a processor could not take, plus events refused at the door, in the last minute.',
  },
  {
    key: 'deadLettersPerMinute',
    title: 'Dead letters',
    unit: 'per min',
    window: 'last 60 s',
    better: 'down',
    about: 'Events refused at the door in the last minute.',
  },
  {
    key: 'cartsAbandoned',
    title: 'Carts abandoned',
    unit: 'carts',
    window: 'last 10 min',
    better: 'down',
    about: 'Carts closed by 30 minutes without a cart event, by when they closed.',
  },
  {
    key: 'cartsConverted',
    title: 'Carts converted',
    unit: 'carts',
    window: 'last 10 min',
    better: 'up',
    about: 'Carts closed by an order, by when they closed.',
  },
  {
    key: 'abandonmentRate',
    title: 'Abandonment rate',
    unit: '%',
    window: 'last 10 min',
    better: 'down',
    about: 'Abandoned carts of all carts that were abandoned or converted.',
  },
  {
    key: 'conversionRate',
    title: 'Cart conversion',
    unit: '%',
    window: 'last 10 min',
    better: 'up',
    about: 'Converted carts of all carts that were abandoned or converted.',
  },
  {
    key: 'revenue',
    title: 'Revenue',
    unit: 'currency',
    window: 'last 10 min',
    better: 'up',
    about:
      'Totals of completed orders in the workspace’s currency, by when they were placed. Refunds are not subtracted.',
  },
  {
    key: 'revenueAtRisk',
    title: 'Revenue at risk',
    unit: 'currency',
    window: 'now',
    better: 'down',
    about: 'Value of open carts at risk, in the workspace’s currency.',
  },
  {
    key: 'openCarts',
    title: 'Open carts',
    unit: 'carts',
    window: 'now',
    better: 'up',
    about: 'Carts with something in them that have neither closed nor been abandoned.',
  },
  {
    key: 'cartsAtRisk',
    title: 'Carts at risk',
    unit: 'carts',
    window: 'now',
    better: 'down',
    about: 'Open carts with a failed payment, or a checkout that stands still.',
  },
  {
    key: 'liveVisits',
    title: 'Live visits',
    unit: 'visits',
    window: 'now',
    better: 'up',
    about: 'Visits with an event in the last 30 minutes.',
  },
  {
    key: 'viewedShare',
    title: 'Live visits with a product viewed',
    unit: '%',
    window: 'now',
    better: 'up',
    about: 'Live visits that viewed a product, of all live visits. Not known while there is none.',
  },
  {
    key: 'addedShare',
    title: 'Live visits with an add to cart',
    unit: '%',
    window: 'now',
    better: 'up',
    about: 'Live visits that added something to a cart, of all live visits. Not known while there is none.',
  },
  {
    key: 'checkoutShare',
    title: 'Live visits with a checkout started',
    unit: '%',
    window: 'now',
    better: 'up',
    about: 'Live visits that started a checkout, of all live visits. Not known while there is none.',
  },
  {
    key: 'orderedShare',
    title: 'Live visits with an order',
    unit: '%',
    window: 'now',
    better: 'up',
    about: 'Live visits that ordered, of all live visits. Not known while there is none.',
  },
  {
    key: 'queueLength',
    title: 'Customers waiting',
    unit: 'customers',
    window: 'now',
    better: 'down',
    about: 'Customers in the agents’ queue.',
  },
  {
    key: 'openContacts',
    title: 'Open contacts',
    unit: 'contacts',
    window: 'now',
    better: 'down',
    about: 'Chats and calls that are open.',
  },
  {
    key: 'decisionsPerMinute',
    title: 'Decisions',
    unit: 'per min',
    window: 'last 60 s',
    better: 'up',
    about: 'Next best actions that rules came to in the last minute.',
  },
  {
    key: 'latePerMinute',
    title: 'Late events',
    unit: 'per min',
    window: 'last 60 s',
    better: 'down',
    about: 'Events later than the allowed lateness of their customer, in the last minute.',
  },
  {
    key: 'duplicatesPerMinute',
    title: 'Duplicates',
    unit: 'per min',
    window: 'last 60 s',
    better: 'down',
    about: 'Repeated messages suppressed in the last minute.',
  },
  {
    key: 'divergentStates',
    title: 'Divergent states',
    unit: 'customers',
    window: 'as last checked',
    better: 'down',
    about:
      'Customers whose stored state is not what their events in history make it, by the running recomputation.',
  },
] as const satisfies readonly MetricDefinition[];

export type MetricKey = (typeof METRICS)[number]['key'];

const BY_KEY = new Map<string, MetricDefinition & { key: MetricKey }>(
  METRICS.map((metric) => [metric.key, metric]),
);

export const METRIC_KEYS = METRICS.map((metric) => metric.key) as [MetricKey, ...MetricKey[]];

/** The definition of a metric; undefined for a name that is not in the catalogue. */
export function metricByKey(key: string): (MetricDefinition & { key: MetricKey }) | undefined {
  return BY_KEY.get(key);
}

/** A metric's value at a moment, with why it is not known or old. */
export interface MetricReading {
  metric: MetricKey;
  /** '' for the whole, else `platform=web`, `source=<id>` or `region=<name>` */
  dimension: string;
  /** null: not known */
  value: number | null;
  /** ms: time of the newest data in it; null when there is none */
  at: number | null;
  reason: string | null;
}
