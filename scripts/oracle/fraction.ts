/** Exact fractions on big integers: slow, simple and beyond doubt. */
export interface Fraction {
  n: bigint;
  d: bigint;
}

export const ZERO: Fraction = { n: 0n, d: 1n };

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function reduced(n: bigint, d: bigint): Fraction {
  const divisor = gcd(n, d) || 1n;
  return { n: n / divisor, d: d / divisor };
}

/** Reads plain decimal text such as `12.50`. */
export function fraction(text: string): Fraction {
  const negative = text.startsWith('-');
  const [whole = '0', part = ''] = text.replace(/^[+-]/, '').split('.');
  const n = BigInt(`${whole || '0'}${part}`);
  return reduced(negative ? -n : n, 10n ** BigInt(part.length));
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return reduced(a.n * b.d + b.n * a.d, a.d * b.d);
}

export function times(a: Fraction, b: Fraction): Fraction {
  return reduced(a.n * b.n, a.d * b.d);
}

export function dividedBy(a: Fraction, b: Fraction): Fraction {
  return b.n < 0n ? reduced(-a.n * b.d, a.d * -b.n) : reduced(a.n * b.d, a.d * b.n);
}

export function negated(a: Fraction): Fraction {
  return { n: -a.n, d: a.d };
}

export function isAtLeast(a: Fraction, b: Fraction): boolean {
  return a.n * b.d >= b.n * a.d;
}

/** Decimal text, exact where it ends within `digits`, else cut there; no trailing zeros. */
export function decimalText(value: Fraction, digits = 20): string {
  const negative = value.n < 0n;
  const scaled = ((negative ? -value.n : value.n) * 10n ** BigInt(digits)) / value.d;
  const text = scaled.toString().padStart(digits + 1, '0');
  const part = text.slice(-digits).replace(/0+$/, '');
  const whole = text.slice(0, -digits);
  const sign = negative && scaled !== 0n ? '-' : '';
  return part === '' ? `${sign}${whole}` : `${sign}${whole}.${part}`;
}
