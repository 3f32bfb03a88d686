/** FNV-1a, 32 bit, over UTF-16 code units, finished with a murmur mix so that low bits spread. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}

/** The partition of a customer key: fixed for ever, since customers are never re-hashed. */
export function partitionOf(customerKey: string, partitions: number): number {
  return hash32(customerKey) % partitions;
}
