import { type OperatorKey, operatorOf } from '@/server/processors/topology.schema';
import { downstreamOf, EDGES } from '@/server/processors/topology-edges.schema';
import {
  DUTIES,
  type DutyDefinition,
  MODULES,
  type ModuleKey,
  operatorsIn,
  SCREENS,
  type ScreenDefinition,
} from './module.schema';

/** An operator that runs on, but lacks what it gets from what stopped. */
export interface StaleOperator {
  key: OperatorKey;
  /** what no longer comes; null: nothing comes any more */
  lacks: string[] | null;
}

/** What comes of it when a module is down: until it is back nothing is lost, but this stands still or grows old. */
export interface BlastRadius {
  /** operators and other work that stop */
  operators: OperatorKey[];
  duties: DutyDefinition[];
  stale: StaleOperator[];
  /** screens that show something old or nothing, with what of theirs it is */
  screens: { screen: ScreenDefinition; because: string[] }[];
}

/** Follows the topology's edges from the operators of a module, and from those of the modules that wait for it. */
export function blastRadius(module: ModuleKey): BlastRadius {
  const operators = operatorsIn(module);
  const duties = DUTIES.filter((duty) => duty.module === module);
  const stopped = new Set(operators);
  const waiting = MODULES.filter(({ follows }) => follows === module).flatMap(({ key }) => operatorsIn(key));
  const standing = new Set([...stopped, ...waiting]);
  const reached = new Set(
    [...waiting, ...[...standing].flatMap(downstreamOf)].filter((key) => !stopped.has(key)),
  );
  const still = withoutAnyInput(standing, reached);
  const stale = [...reached].map((key) => ({ key, lacks: still.has(key) ? null : lackOf(key, still) }));
  const silent = new Set<string>([...still, ...duties.map(({ key }) => key)]);
  const lacking = new Set<string>(stale.filter(({ lacks }) => lacks?.length !== 0).map(({ key }) => key));
  const screens = SCREENS.map((screen) => ({
    screen,
    because: screen.reads.filter((key) => silent.has(key) || lacking.has(key)).map(nameOf),
  })).filter(({ because }) => because.length > 0);
  return { operators, duties, stale: stale.filter(({ lacks }) => lacks?.length !== 0), screens };
}

/** What stands still, and what gets nothing any more: all that is reached, but what something else still feeds. */
function withoutAnyInput(
  standing: ReadonlySet<OperatorKey>,
  reached: ReadonlySet<OperatorKey>,
): Set<OperatorKey> {
  const still = new Set([...standing, ...reached]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to } of EDGES) {
      if (still.has(from) || !still.has(to) || standing.has(to)) continue;
      still.delete(to);
      changed = true;
    }
  }
  return still;
}

function lackOf(key: OperatorKey, still: ReadonlySet<OperatorKey>): string[] {
  return EDGES.filter(({ from, to }) => to === key && still.has(from)).map(({ carries }) => carries);
}

function nameOf(key: ScreenDefinition['reads'][number]): string {
  const duty = DUTIES.find((one) => one.key === key);
  return duty?.name ?? operatorOf(key as OperatorKey).name;
}
