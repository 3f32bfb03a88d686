import { compareCost } from './compare-cost';
import type { Row } from './row';

const BAR = 1.15;

/** Many partitions against few: what a partition costs by being there. */
export const partitions: Row = (context) =>
  compareCost(context, {
    base: { name: '4 partitions', settings: { PARTITIONS: '4' } },
    tested: { name: '256 partitions', settings: { PARTITIONS: '256' } },
    bar: BAR,
  });
