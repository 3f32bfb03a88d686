import type { Action } from '@/server/identity';
import { OPERATORS, type OperatorDefinition, type OperatorKey } from '@/server/processors/topology.schema';
import type { Group } from './partition-keys';

/** Parts of the product that are deployed and restarted each on its own. */
export const MODULE_KEYS = ['collector', 'main', 'archive', 'metrics', 'jobs', 'web'] as const;
export type ModuleKey = (typeof MODULE_KEYS)[number];

/** Work that is no operator of the topology. */
export type DutyKey =
  | 'samples'
  | 'snapshots'
  | 'stateCheck'
  | 'expiry'
  | 'queueSupervision'
  | 'consentParity'
  | 'upkeep'
  | 'choiceWatch'
  | 'console';

export interface DutyDefinition {
  key: DutyKey;
  module: ModuleKey;
  name: string;
}

export const DUTIES: readonly DutyDefinition[] = [
  { key: 'samples', module: 'metrics', name: 'Samples of metrics, each second' },
  { key: 'snapshots', module: 'jobs', name: 'Snapshots of state, and restore drills' },
  { key: 'stateCheck', module: 'jobs', name: 'Recomputation of stored states, and their inventory' },
  { key: 'expiry', module: 'jobs', name: 'States that leave by age' },
  { key: 'queueSupervision', module: 'jobs', name: 'Supervision of the agents’ queue' },
  { key: 'consentParity', module: 'jobs', name: 'Consent of record held against the stream’s' },
  { key: 'upkeep', module: 'jobs', name: 'Days of history made and old rows dropped' },
  { key: 'choiceWatch', module: 'jobs', name: 'Assumptions of signed choices watched' },
  { key: 'console', module: 'web', name: 'Pages, the REST interface and sign-in' },
];

export type Store = 'log Redis' | 'queue Redis' | 'Postgres';

export interface ModuleDefinition {
  key: ModuleKey;
  name: string;
  about: string;
  /** what starts it alone */
  command: string;
  /** topology operators with this deployment run in it; null: none */
  deployment: OperatorDefinition['group'] | null;
  /** processor group whose lag is its own; null: it follows no log */
  group: Group | null;
  /** goes no further in the log than this one has committed; absent: it waits for none */
  follows?: ModuleKey;
  needs: readonly Store[];
}

/** The one list of modules: what a process says it is, what the console shows, and what hangs on each. */
export const MODULES: readonly ModuleDefinition[] = [
  {
    key: 'collector',
    name: 'Collector',
    about: 'Takes events in: checks, masks, chooses the partition, and acknowledges what is on disk.',
    command: 'npm run collector',
    deployment: 'door',
    group: null,
    needs: ['log Redis', 'queue Redis', 'Postgres'],
  },
  {
    key: 'main',
    name: 'Processing',
    about: 'Steps every event through the processors, and commits offset, state and outputs together.',
    command: 'npm run workers -- --only main',
    deployment: 'main',
    group: 'main',
    needs: ['log Redis', 'queue Redis', 'Postgres'],
  },
  {
    key: 'archive',
    name: 'Archive',
    about:
      'Copies the log and what was processed to history, by an offset of its own, but no further than processing has committed: consent holds for history too.',
    command: 'npm run workers -- --only archive',
    deployment: 'archive',
    group: 'archive',
    follows: 'main',
    needs: ['log Redis', 'queue Redis', 'Postgres'],
  },
  {
    key: 'metrics',
    name: 'Metrics',
    about: 'Samples what the partitions count, and judges thresholds each second.',
    command: 'npm run workers -- --only metrics',
    deployment: 'metrics',
    group: null,
    needs: ['log Redis', 'queue Redis', 'Postgres'],
  },
  {
    key: 'jobs',
    name: 'Jobs',
    about: 'Schedules and carries out what is independent of a partition.',
    command: 'node --import tsx workers/jobs.ts',
    deployment: null,
    group: null,
    needs: ['queue Redis', 'Postgres', 'log Redis'],
  },
  {
    key: 'web',
    name: 'Console',
    about: 'Serves pages, programs and live push.',
    command: 'node --import tsx workers/web.ts',
    deployment: 'screens',
    group: null,
    needs: ['Postgres', 'log Redis', 'queue Redis'],
  },
];

/** The log is drawn among the operators, but Redis holds it: no process that ends takes it along. */
const HELD_BY_A_STORE: ReadonlySet<OperatorKey> = new Set(['log']);

/** Operators that stop when a module does. */
export function operatorsIn(module: ModuleKey): OperatorKey[] {
  const deployment = moduleOf(module).deployment;
  return OPERATORS.filter(({ group, key }) => group === deployment && !HELD_BY_A_STORE.has(key)).map(
    ({ key }) => key,
  );
}

const BY_KEY = new Map(MODULES.map((module) => [module.key, module]));

export function moduleOf(key: ModuleKey): ModuleDefinition {
  const found = BY_KEY.get(key);
  if (!found) throw new RangeError(`There is no module ${key}.`);
  return found;
}

/** A screen, and what it is drawn from. */
export interface ScreenDefinition {
  name: string;
  href: string;
  /** opens it */
  action: Action;
  reads: readonly (OperatorKey | DutyKey)[];
}

/** Screens that show what operators and duties make. Each is also served by the console. */
export const SCREENS: readonly ScreenDefinition[] = [
  {
    name: 'Desk: queue',
    href: '/desk',
    action: 'desk.read',
    reads: ['queue', 'queueSupervision', 'push', 'console'],
  },
  {
    name: 'Desk: card and visit',
    href: '/desk',
    action: 'desk.read',
    reads: ['context', 'visits', 'carts', 'purchases', 'contacts', 'rules', 'push', 'console'],
  },
  {
    name: 'Desk: earlier events',
    href: '/desk',
    action: 'desk.read',
    reads: ['archive', 'console'],
  },
  {
    name: 'Operations: live figures',
    href: '/operations',
    action: 'operations.read',
    reads: ['collector', 'metrics', 'push', 'console'],
  },
  {
    name: 'Operations: charts over time',
    href: '/operations',
    action: 'operations.read',
    reads: ['samples', 'console'],
  },
  {
    name: 'Operations: alerts',
    href: '/operations',
    action: 'threshold.read',
    reads: ['thresholds', 'samples', 'console'],
  },
  {
    name: 'Streams: topology',
    href: '/streams',
    action: 'streams.read',
    reads: ['metrics', 'push', 'console'],
  },
  {
    name: 'Streams: checkpoints',
    href: '/streams/checkpoints',
    action: 'streams.read',
    reads: ['snapshots', 'archive', 'console'],
  },
  {
    name: 'Streams: state',
    href: '/streams/state',
    action: 'streams.read',
    reads: ['stateCheck', 'expiry', 'archive', 'console'],
  },
  {
    name: 'Streams: late events',
    href: '/streams/late',
    action: 'streams.read',
    reads: ['late', 'archive', 'console'],
  },
  {
    name: 'Streams: duplicates',
    href: '/streams/duplicates',
    action: 'streams.read',
    reads: ['archive', 'upkeep', 'console'],
  },
  {
    name: 'Streams: windows',
    href: '/streams/windows',
    action: 'streams.read',
    reads: ['archive', 'console'],
  },
  {
    name: 'Streams: choices',
    href: '/streams/choices',
    action: 'streams.read',
    reads: ['choiceWatch', 'console'],
  },
  {
    name: 'Privacy: opt-outs in effect',
    href: '/privacy',
    action: 'audit.read',
    reads: ['consent', 'consentParity', 'console'],
  },
  {
    name: 'Rules: live hits',
    href: '/rules',
    action: 'rule.read',
    reads: ['rules', 'archive', 'console'],
  },
  {
    name: 'First event',
    href: '/sources/first-event',
    action: 'debugger.read',
    reads: ['collector', 'metrics', 'archive', 'console'],
  },
  {
    name: 'Dead letters',
    href: '/dead-letters',
    action: 'deadLetter.read',
    reads: ['collector', 'archive', 'console'],
  },
];
