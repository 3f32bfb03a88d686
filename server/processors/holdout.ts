import { createHash } from 'node:crypto';

/** Who is left alone so that there is somebody to compare with, as fixed when the use case was launched. */
export interface Holdout {
  /** share of customers, 0 to 50 */
  percent: number;
  /** of this launch alone: the holdouts of two use cases, or of two launches of one, have nothing to do with each other */
  salt: string;
}

const RANGE = 2 ** 32;

/**
 * Whether a customer is in a holdout: a hash of salt and key alone decides, so that it is the same in every partition, at
 * every replay, and whatever was seen of the customer before.
 */
export function isHeldOut({ percent, salt }: Holdout, customer: string): boolean {
  if (percent <= 0) return false;
  const digest = createHash('sha256').update(salt).update('\0').update(customer).digest();
  return digest.readUInt32BE(0) < (percent / 100) * RANGE;
}
