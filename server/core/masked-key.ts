/** A customer key for those who may not read it: enough to recognise one that is known, too little to learn one. */
export function maskedKey(key: string): string {
  return key.length <= 4 ? '••••' : `${key.slice(0, 2)}••••${key.slice(-2)}`;
}
