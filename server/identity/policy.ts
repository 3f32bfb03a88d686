/**
 * Who may do what: the one policy, asked by procedures, REST, sockets and pages alike. An action that is not listed
 * does not exist; a procedure without an action fails the policy test.
 */
export const ROLES = ['agent', 'ops', 'privacy', 'stakeholder', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const ROLES_OF_ACTION = {
  'desk.read': ['agent', 'admin'],
  'queue.take': ['agent', 'admin'],
  'decision.respond': ['agent', 'admin'],
  'customer.read': ['agent', 'privacy', 'admin'],
  'customer.reveal': ['agent', 'privacy', 'admin'],
  'customer.search': ['agent', 'privacy', 'admin'],
  'sentiment.contest': ['agent', 'admin'],
  'sentiment.read': ['ops', 'admin'],
  'customer.import': ['ops', 'admin'],
  'operations.read': ['ops', 'stakeholder', 'admin'],
  'visit.read': ['ops', 'admin'],
  'state.write': ['ops', 'admin'],
  'state.explain': ['ops', 'admin'],
  'streams.read': ['ops', 'admin'],
  'choice.sign': ['ops', 'admin'],
  'threshold.read': ['ops', 'stakeholder', 'admin'],
  'threshold.write': ['ops', 'admin'],
  'alert.acknowledge': ['ops', 'admin'],
  'deadLetter.read': ['ops', 'admin'],
  'deadLetter.replay': ['ops', 'admin'],
  'debugger.read': ['ops', 'admin'],
  'message.read': ['ops', 'admin'],
  'consent.read': ['agent', 'privacy', 'admin'],
  'optOut.write': ['privacy', 'admin'],
  'audit.read': ['privacy', 'admin'],
  'subject.report': ['privacy', 'admin'],
  'dpia.read': ['privacy', 'stakeholder', 'ops', 'admin'],
  'dpia.write': ['privacy', 'admin'],
  'dpia.sign': ['privacy'],
  'useCase.read': ['agent', 'ops', 'privacy', 'stakeholder', 'admin'],
  'useCase.write': ['stakeholder', 'ops', 'admin'],
  'useCase.score': ['stakeholder', 'ops', 'privacy', 'agent', 'admin'],
  'useCase.launch': ['stakeholder', 'admin'],
  'rule.read': ['ops', 'stakeholder', 'privacy', 'admin'],
  'rule.write': ['ops', 'admin'],
  'pipeline.write': ['ops', 'admin'],
  'people.read': ['admin'],
  'people.write': ['admin'],
  'source.read': ['ops', 'admin'],
  'source.write': ['admin'],
  'apiKey.read': ['admin'],
  'apiKey.write': ['admin'],
  'workspace.read': ['agent', 'ops', 'privacy', 'stakeholder', 'admin'],
  'workspace.write': ['admin'],
  'support.take': ['admin'],
  'self.read': ['agent', 'ops', 'privacy', 'stakeholder', 'admin'],
  'self.write': ['agent', 'ops', 'privacy', 'stakeholder', 'admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof ROLES_OF_ACTION;
export const ACTIONS = Object.keys(ROLES_OF_ACTION) as Action[];

/** Whether a person of this role may do this. */
export function may(role: Role, action: Action): boolean {
  return (ROLES_OF_ACTION[action] as readonly Role[]).includes(role);
}

/** Scopes of API keys for programs, each a handful of REST operations. */
export const API_SCOPES = [
  'metrics:read',
  'customers:read',
  'consent:read',
  'consent:write',
  'messages:read',
] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** Socket topics of a workspace and the action that opens each. */
export const TOPIC_ACTIONS = {
  queue: 'desk.read',
  customer: 'customer.read',
  operations: 'operations.read',
  streams: 'streams.read',
  alerts: 'threshold.read',
  rules: 'rule.read',
  privacy: 'audit.read',
  board: 'useCase.read',
  debugger: 'debugger.read',
  lag: 'streams.read',
} as const satisfies Record<string, Action>;
export type Topic = keyof typeof TOPIC_ACTIONS;
