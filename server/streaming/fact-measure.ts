import type { FactKind } from './fact';

/**
 * What can be counted, summed or divided over facts. A share is `part` ÷ `of`, by the same facts; a sum keeps currencies
 * apart and takes away what `minus` names.
 */
export type FactMeasure =
  | { fold: 'count'; kinds: readonly FactKind[] }
  | { fold: 'sum'; kinds: readonly FactKind[]; minus: readonly FactKind[] }
  | { fold: 'share'; kinds: readonly FactKind[]; part: readonly FactKind[] };

export const FACT_MEASURES = {
  visits: { fold: 'count', kinds: ['visit'] },
  cartsOpened: { fold: 'count', kinds: ['cartOpened'] },
  cartsConverted: { fold: 'count', kinds: ['cartConverted'] },
  cartsAbandoned: { fold: 'count', kinds: ['cartAbandoned'] },
  cartsEmptied: { fold: 'count', kinds: ['cartEmptied'] },
  cartsRecovered: { fold: 'count', kinds: ['cartRecovered'] },
  directOrders: { fold: 'count', kinds: ['directOrder'] },
  orders: { fold: 'count', kinds: ['order'] },
  revenue: { fold: 'sum', kinds: ['order'], minus: [] },
  netRevenue: { fold: 'sum', kinds: ['order', 'refund'], minus: ['refund'] },
  abandonedValue: { fold: 'sum', kinds: ['cartAbandoned'], minus: [] },
  abandonmentRate: { fold: 'share', kinds: ['cartAbandoned', 'cartConverted'], part: ['cartAbandoned'] },
} as const satisfies Record<string, FactMeasure>;
export type FactMeasureName = keyof typeof FACT_MEASURES;
export const FACT_MEASURE_NAMES = Object.keys(FACT_MEASURES) as [FactMeasureName, ...FactMeasureName[]];

export type MeasureResult =
  | { fold: 'count'; value: number }
  | { fold: 'sum'; amounts: Record<string, string> }
  | { fold: 'share'; part: number; of: number };
