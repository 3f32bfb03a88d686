import type { Action } from '@/server/identity/policy';

interface ExportedList {
  /** what one must be allowed to see the list at all */
  action: Action;
  /** names, addresses or keys of people leave with it: then it goes on record first */
  personal: boolean;
}

/** Every list of the console that can be saved as CSV, by the name of its file. The audit has a way of its own. */
const EXPORTED_LISTS = {
  'api-keys': { action: 'apiKey.read', personal: false },
  audiences: { action: 'rule.read', personal: false },
  'by-platform': { action: 'operations.read', personal: false },
  'by-region': { action: 'operations.read', personal: false },
  'by-source': { action: 'operations.read', personal: false },
  changes: { action: 'operations.read', personal: false },
  checkpoints: { action: 'streams.read', personal: false },
  choices: { action: 'streams.read', personal: false },
  clocks: { action: 'audit.read', personal: true },
  'contested-turns': { action: 'sentiment.read', personal: true },
  'dead-letters': { action: 'deadLetter.read', personal: true },
  'divergent-states': { action: 'streams.read', personal: true },
  dpias: { action: 'dpia.read', personal: false },
  duplicates: { action: 'message.read', personal: false },
  'equivalence-reports': { action: 'streams.read', personal: false },
  escalations: { action: 'escalation.read', personal: true },
  firings: { action: 'threshold.read', personal: false },
  'hot-customers': { action: 'streams.read', personal: true },
  'import-refusals': { action: 'customer.import', personal: false },
  invitations: { action: 'people.read', personal: true },
  lag: { action: 'operations.read', personal: false },
  'lag-archive': { action: 'streams.read', personal: false },
  'lag-main': { action: 'streams.read', personal: false },
  'late-events': { action: 'streams.read', personal: true },
  'late-facts': { action: 'streams.read', personal: true },
  'live-visits': { action: 'visit.read', personal: true },
  modules: { action: 'streams.read', personal: false },
  'operations-course': { action: 'operations.read', personal: false },
  operators: { action: 'streams.read', personal: false },
  'opt-outs': { action: 'audit.read', personal: true },
  people: { action: 'people.read', personal: true },
  pipelines: { action: 'streams.read', personal: false },
  purchases: { action: 'customer.read', personal: true },
  queue: { action: 'desk.read', personal: true },
  rebalance: { action: 'streams.read', personal: false },
  'restore-drills': { action: 'streams.read', personal: false },
  reveals: { action: 'audit.read', personal: true },
  'rule-versions': { action: 'rule.read', personal: false },
  rules: { action: 'rule.read', personal: false },
  'sentiment-model-against-agents': { action: 'sentiment.read', personal: false },
  sessions: { action: 'self.read', personal: false },
  sources: { action: 'source.read', personal: false },
  'state-events': { action: 'state.explain', personal: true },
  'state-inventory': { action: 'streams.read', personal: false },
  'use-cases': { action: 'useCase.read', personal: false },
  'who-looked': { action: 'audit.read', personal: true },
  'window-definitions': { action: 'streams.read', personal: false },
  windows: { action: 'streams.read', personal: false },
  workspaces: { action: 'self.read', personal: false },
} as const satisfies Record<string, ExportedList>;

export type ListName = keyof typeof EXPORTED_LISTS;
export const LIST_NAMES = Object.keys(EXPORTED_LISTS) as ListName[];

/** What is told of a list that can be saved. */
export function exportedList(name: ListName): ExportedList {
  return EXPORTED_LISTS[name];
}
