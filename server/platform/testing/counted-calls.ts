import type { PrismaClient } from '@/prisma/client/client';

type Call = '$transaction' | '$queryRaw' | '$executeRaw';

/** The same client, and how often one of these was called on it so far: each is a transaction. */
export function countedCalls(
  db: PrismaClient,
  ...calls: readonly Call[]
): { db: PrismaClient; count: () => number } {
  let made = 0;
  const counting = new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        if ((calls as readonly unknown[]).includes(name)) made += 1;
        return Reflect.apply(value, target, given);
      };
    },
  });
  return { db: counting, count: () => made };
}
