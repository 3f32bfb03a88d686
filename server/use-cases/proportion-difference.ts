/** How many of how many. */
export interface Proportion {
  count: number;
  of: number;
}

export interface Interval {
  low: number;
  high: number;
}

/** Of the standard normal distribution, for 95 % between both. */
const Z = 1.959964;

/** Wilson's score interval of a proportion, 95 % (E. B. Wilson, JASA 22, 1927, 209–212). `of` must be above 0. */
export function wilsonInterval({ count, of }: Proportion): Interval {
  const share = count / of;
  const centre = share + (Z * Z) / (2 * of);
  const reach = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  const scale = 1 + (Z * Z) / of;
  return { low: Math.max(0, (centre - reach) / scale), high: Math.min(1, (centre + reach) / scale) };
}

/**
 * Interval of the difference of two independent proportions, 95 %: the hybrid score interval without continuity correction,
 * method 10 of R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890. Right for small numbers, and for none or all of
 * them, where the textbook's interval is too narrow. Both `of` must be above 0.
 */
export function differenceInterval(one: Proportion, other: Proportion): Interval {
  const difference = one.count / one.of - other.count / other.of;
  const [a, b] = [wilsonInterval(one), wilsonInterval(other)];
  const [p, q] = [one.count / one.of, other.count / other.of];
  return {
    low: difference - Math.hypot(p - a.low, b.high - q),
    high: difference + Math.hypot(a.high - p, q - b.low),
  };
}
