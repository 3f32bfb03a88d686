import type { BenchProduct } from './bench-product';
import { compareCost, type Side } from './compare-cost';
import type { Row } from './row';

const BAR = 1.15;
const FILL_LIMIT_SECONDS = 1_800;

/** So many customers, each of whom has been there before. */
function withCustomers(customers: number): Side {
  return {
    name: `${customers.toLocaleString('en')} customers`,
    customers,
    async prepare(product: BenchProduct) {
      const fill = { seconds: FILL_LIMIT_SECONDS, connections: 8, rate: 0, seed: 3 };
      await product.load({ ...fill, customers, events: customers, inTurn: true });
      await product.drain();
    },
  };
}

/** Many customers against few: what a customer costs by being known. */
export const customers: Row = (context) =>
  compareCost(context, { base: withCustomers(10_000), tested: withCustomers(1_000_000), bar: BAR });
