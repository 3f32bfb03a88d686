import { prismaAdapter } from 'better-auth/adapters/prisma';
import type { PrismaClient } from '@/prisma/client/client';
import { hashToken } from './secret-token';

type AdapterFactory = ReturnType<typeof prismaAdapter>;
type Adapter = ReturnType<AdapterFactory>;
type Where = NonNullable<Parameters<Adapter['findMany']>[0]['where']>;
type Row = Record<string, unknown>;

/**
 * Where sign-in keeps people, sessions and codes. Tokens of sessions are hashed on the way in and put back on the way
 * out, so that a copy of the database opens no session: the token itself is only in the person's cookie.
 */
export function authStore(db: PrismaClient): AdapterFactory {
  const makeAdapter = prismaAdapter(db, { provider: 'postgresql', transaction: false });
  return (options) => hashingSessions(makeAdapter(options));
}

function hashingSessions(inner: Adapter): Adapter {
  return {
    ...inner,
    async create<T extends Row, R = T>(call: Parameters<Adapter['create']>[0]): Promise<R> {
      if (call.model !== 'session') return inner.create<T, R>(call as never);
      const token = String(call.data.token);
      const row = await inner.create<Row, Row>({ ...call, data: { ...call.data, token: hashToken(token) } });
      return { ...row, token } as R;
    },
    async findOne<T>(call: Parameters<Adapter['findOne']>[0]): Promise<T | null> {
      const { where, plain } = hashedWhere(call.model, call.where);
      return withToken(call.model, await inner.findOne<T>({ ...call, where }), plain);
    },
    async findMany<T>(call: Parameters<Adapter['findMany']>[0]): Promise<T[]> {
      if (call.where === undefined) return inner.findMany<T>(call);
      const { where, plain } = hashedWhere(call.model, call.where);
      const rows = await inner.findMany<T>({ ...call, where });
      return rows.flatMap((row) => withToken(call.model, row, plain) ?? []);
    },
    async update<T>(call: Parameters<Adapter['update']>[0]): Promise<T | null> {
      const { where, plain } = hashedWhere(call.model, call.where);
      const update = { ...call.update };
      if (call.model === 'session' && typeof update.token === 'string') {
        plain.set(hashToken(update.token), update.token);
        update.token = hashToken(update.token);
      }
      return withToken(call.model, await inner.update<T>({ ...call, where, update }), plain);
    },
    updateMany: (call) => inner.updateMany({ ...call, where: hashedWhere(call.model, call.where).where }),
    delete: (call) => inner.delete({ ...call, where: hashedWhere(call.model, call.where).where }),
    deleteMany: (call) => inner.deleteMany({ ...call, where: hashedWhere(call.model, call.where).where }),
    count: (call) =>
      inner.count(call.where ? { ...call, where: hashedWhere(call.model, call.where).where } : call),
    async consumeOne<T>(call: Parameters<Adapter['consumeOne']>[0]): Promise<T | null> {
      const { where, plain } = hashedWhere(call.model, call.where);
      return withToken(call.model, await inner.consumeOne<T>({ ...call, where }), plain);
    },
  };
}

/** The condition with tokens hashed, and the tokens by their hash, to put back into what is found. */
function hashedWhere(model: string, where: Where): { where: Where; plain: Map<string, string> } {
  const plain = new Map<string, string>();
  if (model !== 'session') return { where, plain };
  const hashOf = (token: unknown): string => {
    const hash = hashToken(String(token));
    plain.set(hash, String(token));
    return hash;
  };
  const hashed = where.map((part) => {
    if (part.field !== 'token') return part;
    const value = Array.isArray(part.value) ? part.value.map(hashOf) : hashOf(part.value);
    return { ...part, value };
  });
  return { where: hashed, plain };
}

function withToken<T>(model: string, row: T | null, plain: Map<string, string>): T | null {
  if (row === null || model !== 'session') return row;
  const token = plain.get(String((row as Row).token));
  return token === undefined ? row : { ...row, token };
}
