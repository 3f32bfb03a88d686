/**
 * Ports on which browsers and Node's fetch open nothing, because servers of other protocols listen there: the "bad ports"
 * of the Fetch standard (https://fetch.spec.whatwg.org/#port-blocking), as of November 2026.
 */
const BLOCKED = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);
/** Below it a port wants rights that most users have not. */
const FIRST_FREE_FOR_ALL = 1_024;

export function isBlockedPort(port: number): boolean {
  return BLOCKED.has(port);
}

/** The next port after a blocked one that is open to everybody, with as many more behind it. */
export function unblockedAfter(port: number, many = 1): number {
  let first = Math.max(port + 1, FIRST_FREE_FOR_ALL);
  while (Array.from({ length: many }, (_, place) => first + place).some(isBlockedPort)) first += 1;
  return first;
}
