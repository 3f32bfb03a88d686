import { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { compareEntryIds, entryTime, STREAM_START } from '@/server/scaling';
import type { Fact, FactKind } from '@/server/streaming/fact';
import type { LogPlace } from './archived-log.repository';

const PAGE = 20_000;

interface FactRow {
  position: string;
  customer: string;
  kind: FactKind;
  at: Date;
  sign: number;
  amount: string | null;
  currency: string | null;
  platform: string | null;
}

/**
 * Facts of a partition that were published after a commit: by records after `offset`, or by timers fired there once the
 * push sequence stood at `sequence`.
 */
export async function archivedFacts(
  deps: Pick<Deps, 'db'>,
  place: LogPlace,
  offset: string,
  sequence: number,
): Promise<Fact[]> {
  const facts: Fact[] = [];
  let after = offset === STREAM_START ? '' : String(entryTime(offset));
  for (;;) {
    const rows = await factPage(deps, place, after);
    for (const row of rows) if (isAfter(row.position, offset, sequence)) facts.push(factOf(row));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return facts;
    after = last.position;
  }
}

function factPage(
  deps: Pick<Deps, 'db'>,
  { workspaceId, shardId, partition }: LogPlace,
  after: string,
): Promise<FactRow[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.$queryRaw<FactRow[]>(Prisma.sql`
      SELECT position, customer, kind, at, sign, amount::text AS amount, currency, platform FROM history_facts
      WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId} AND partition = ${partition}
        AND position > ${after}
      ORDER BY position LIMIT ${PAGE}`),
  );
}

/** Positions are `<entry>/<index>-<n>`, or `<entry>/t<sequence>.<index>-fire-<n>` of timers fired after that entry. */
function isAfter(position: string, offset: string, sequence: number): boolean {
  const slash = position.indexOf('/');
  const order = compareEntryIds(position.slice(0, slash), offset);
  if (order !== 0) return order > 0;
  const fired = /^t(\d+)\./.exec(position.slice(slash + 1));
  return fired !== null && Number(fired[1]) >= sequence;
}

function factOf({ customer, kind, at, sign, amount, currency, platform }: FactRow): Fact {
  return {
    customer,
    kind,
    at: at.getTime(),
    sign: sign === 1 ? 1 : -1,
    ...(amount === null ? {} : { amount }),
    ...(currency === null ? {} : { currency }),
    ...(platform === null ? {} : { platform: platform as NonNullable<Fact['platform']> }),
  };
}

/** Which of these positions the table holds already. */
export async function heldPositions(
  deps: Pick<Deps, 'db'>,
  table: 'late_events' | 'decisions',
  { workspaceId, shardId, partition }: LogPlace,
  positions: readonly string[],
): Promise<Set<string>> {
  const held = new Set<string>();
  for (let from = 0; from < positions.length; from += PAGE) {
    const part = positions.slice(from, from + PAGE);
    const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
      tx.$queryRaw<{ position: string }[]>(Prisma.sql`
        SELECT position FROM ${Prisma.raw(table)} WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId}
          AND partition = ${partition} AND position = ANY (${part})`),
    );
    for (const { position } of rows) held.add(position);
  }
  return held;
}
