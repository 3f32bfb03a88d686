import { customers } from './customers';
import { dashboards } from './dashboards';
import { overload } from './overload';
import { partitions } from './partitions';
import { queue } from './queue';
import { replay } from './replay';
import type { Row } from './row';
import { soak } from './soak';
import { workspaces } from './workspaces';

/** The rows by the name they are asked for, in the order they are run. */
export const ROWS: Readonly<Record<string, Row>> = {
  partitions,
  workspaces,
  customers,
  replay,
  overload,
  dashboards,
  queue,
  soak,
};

/** Names of rows from `a,b` or `all`. @throws naming the first that is not known */
export function rowNames(text: string): string[] {
  if (text === 'all') return Object.keys(ROWS);
  const wanted = text.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !Object.hasOwn(ROWS, name));
  if (unknown !== undefined)
    throw new Error(`There is no row "${unknown}"; there are ${Object.keys(ROWS).join(', ')}.`);
  return wanted;
}
