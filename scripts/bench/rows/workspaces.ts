import { compareCost } from './compare-cost';
import type { Row } from './row';

const BAR = 1.1;

/** As many customers in 200 workspaces as in one, each workspace with all its partitions, and all of them with traffic. */
export const workspaces: Row = (context) =>
  compareCost(context, {
    base: { name: '1 workspace' },
    tested: { name: '200 workspaces', workspaces: 200 },
    bar: BAR,
  });
