import { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { compareEntryIds, entryTime, STREAM_START } from '@/server/scaling';
import type { Fact, FactKind } from '@/server/streaming/fact';
import type { LogPlace } from './archived-log.repository';
import { type Columns, msOf, readColumns } from './column-page.repository';

const PAGE = 20_000;

interface FactColumns {
  position: string;
  customer: string;
  kind: FactKind;
  /** ms */
  at: number;
  sign: number;
  amount: string | null;
  currency: string | null;
  platform: NonNullable<Fact['platform']> | null;
}

const FACT_COLUMNS: Record<keyof FactColumns, string> = {
  position: 'position',
  customer: 'customer',
  kind: 'kind',
  at: msOf('at'),
  sign: 'sign',
  // As JSON has it, a number would lose digits.
  amount: 'amount::text',
  currency: 'currency',
  platform: 'platform',
};

/** Where a partition stood after a commit: its last entry, and how many pushes it had made. */
export interface CommitPlace {
  offset: string;
  sequence: number;
}

/**
 * Facts of a partition that were published after one commit, and up to and with another where one is given, a page at a
 * time: by records after the `offset`, or by timers fired there once the push sequence stood at `sequence`.
 */
export async function* archivedFacts(
  deps: Pick<Deps, 'db'>,
  place: LogPlace,
  since: CommitPlace,
  upTo?: CommitPlace,
): AsyncGenerator<Fact[]> {
  let after = since.offset === STREAM_START ? '' : String(entryTime(since.offset));
  for (;;) {
    const columns = await factPage(deps, place, after);
    const facts: Fact[] = [];
    columns.position.forEach((position, row) => {
      const isWanted = isAfter(position, since) && !(upTo && isAfter(position, upTo));
      if (isWanted) facts.push(factOf(columns, row));
    });
    yield facts;
    const last = columns.position.at(-1);
    if (last === undefined || columns.position.length < PAGE) return;
    after = last;
  }
}

function factPage(
  deps: Pick<Deps, 'db'>,
  { workspaceId, shardId, partition }: LogPlace,
  after: string,
): Promise<Columns<FactColumns>> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    readColumns<FactColumns>(
      tx,
      FACT_COLUMNS,
      Prisma.sql`(SELECT * FROM history_facts
        WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId} AND partition = ${partition}
          AND position > ${after}
        ORDER BY position LIMIT ${PAGE}) AS page`,
    ),
  );
}

/** Positions are `<entry>/<index>-<n>`, or `<entry>/t<sequence>.<index>-fire-<n>` of timers fired after that entry. */
function isAfter(position: string, { offset, sequence }: CommitPlace): boolean {
  const slash = position.indexOf('/');
  const order = compareEntryIds(position.slice(0, slash), offset);
  if (order !== 0) return order > 0;
  const fired = /^t(\d+)\./.exec(position.slice(slash + 1));
  return fired !== null && Number(fired[1]) >= sequence;
}

function factOf(columns: Columns<FactColumns>, row: number): Fact {
  return {
    customer: columns.customer[row] as string,
    kind: columns.kind[row] as FactKind,
    at: columns.at[row] as number,
    sign: columns.sign[row] === 1 ? 1 : -1,
    amount: columns.amount[row] ?? undefined,
    currency: columns.currency[row] ?? undefined,
    platform: columns.platform[row] ?? undefined,
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
