import { Prisma } from '@/prisma/client/client';
import { DAY_MS } from '@/server/core/durations';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { SampledGroup } from './what-if';
import type { WhatIfKey } from './what-if.schema';

/** Events a sample has at most, and about how many it should have at least, when there are so many. */
const MOST_EVENTS = 40_000;
const ENOUGH_EVENTS = 4_000;
/** Parts of history's pages that are read, in percent, until there are enough. */
const PARTS = [1, 10, 100];
const READ_LIMIT_MS = 15_000;

const COLUMNS: Record<WhatIfKey, string> = {
  customer: 'customer',
  source: 'source_id',
  platform: 'platform',
  'event name': 'name',
  'message id': 'message_id',
};

export interface EventSample {
  groups: SampledGroup[];
  events: number;
  /** ms; null: no events */
  from: number | null;
  to: number | null;
}

interface Row {
  customer: string;
  value: string;
  events: number;
  first: Date;
  last: Date;
}

/**
 * A sample of the events of the last day, by whole pages of history, grouped by customer and by the key that is tried.
 * Customers who opted out are not in history by name, and so in no sample.
 */
export async function sampleEvents(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  workspaceId: string,
  key: WhatIfKey,
): Promise<EventSample> {
  let sample: EventSample = { groups: [], events: 0, from: null, to: null };
  for (const percent of PARTS) {
    sample = sampleOf(await readPart({ db, now }, workspaceId, key, percent));
    if (sample.events >= ENOUGH_EVENTS) break;
  }
  return sample;
}

function readPart(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  workspaceId: string,
  key: WhatIfKey,
  percent: number,
): Promise<Row[]> {
  const column = Prisma.raw(COLUMNS[key]);
  return withWorkspace(db, workspaceId, async (tx) => {
    await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${READ_LIMIT_MS}`);
    return tx.$queryRaw<Row[]>`
      SELECT customer, value, count(*)::int AS events, min(logged_at) AS first, max(logged_at) AS last
      FROM (
        SELECT customer, ${column} AS value, logged_at
        FROM history_events TABLESAMPLE SYSTEM (${percent}::real)
        WHERE workspace_id = ${workspaceId} AND customer IS NOT NULL
          AND logged_at >= ${new Date(now() - DAY_MS)}
        LIMIT ${MOST_EVENTS}
      ) AS sample
      GROUP BY customer, value`;
  });
}

function sampleOf(rows: readonly Row[]): EventSample {
  const sample: EventSample = { groups: [], events: 0, from: null, to: null };
  for (const { customer, value, events, first, last } of rows) {
    sample.groups.push({ customer, value, events });
    sample.events += events;
    sample.from = Math.min(sample.from ?? Number.POSITIVE_INFINITY, first.getTime());
    sample.to = Math.max(sample.to ?? 0, last.getTime());
  }
  return sample;
}
