import { OPERATORS, type OperatorKey } from './topology.schema';

/** Water from one operator to another. Its rate is what the one gives or what the other takes. */
export interface OperatorEdge {
  from: OperatorKey;
  to: OperatorKey;
  carries: string;
  by: 'from' | 'to';
}

const edge = (from: OperatorKey, to: OperatorKey, carries: string, by: OperatorEdge['by']): OperatorEdge => ({
  from,
  to,
  carries,
  by,
});

export const EDGES: readonly OperatorEdge[] = [
  edge('collector', 'log', 'events', 'to'),
  edge('log', 'consent', 'records', 'to'),
  edge('log', 'archive', 'events', 'to'),
  edge('consent', 'identity', 'events', 'to'),
  edge('consent', 'late', 'late events', 'to'),
  edge('consent', 'visits', 'events', 'to'),
  edge('consent', 'carts', 'cart events', 'to'),
  edge('consent', 'purchases', 'orders and refunds', 'to'),
  edge('consent', 'contacts', 'turns', 'to'),
  edge('consent', 'context', 'events', 'to'),
  edge('identity', 'log', 'transfers to other partitions', 'from'),
  edge('visits', 'timers', 'ends of visits', 'from'),
  edge('carts', 'timers', 'ends of carts', 'from'),
  edge('visits', 'rules', 'visit', 'to'),
  edge('carts', 'rules', 'cart', 'to'),
  edge('purchases', 'rules', 'purchases', 'to'),
  edge('contacts', 'rules', 'sentiment', 'to'),
  edge('contacts', 'queue', 'open contacts', 'from'),
  edge('timers', 'metrics', 'facts', 'from'),
  edge('rules', 'queue', 'queued actions', 'from'),
  edge('rules', 'archive', 'decisions', 'from'),
  edge('late', 'archive', 'late events', 'from'),
  edge('metrics', 'push', 'aggregates', 'to'),
  edge('metrics', 'thresholds', 'aggregates', 'to'),
  edge('queue', 'push', 'entries', 'from'),
  edge('context', 'push', 'cards', 'from'),
];

/** Every operator that gets, over any number of edges, what this one gives: what a change of it may touch. */
export function downstreamOf(key: OperatorKey): OperatorKey[] {
  const reached = new Set<OperatorKey>();
  const open = [key];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { from, to } of EDGES) {
      if (from !== next || reached.has(to) || to === key) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return OPERATORS.map((operator) => operator.key).filter((operator) => reached.has(operator));
}
