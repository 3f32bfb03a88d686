import { Fault } from '@/server/core/fault';
import { encodeEvent } from '@/server/event-log';
import { importSource, type PersonActor, type SourceIdentity, sourceInUse } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { writeAudit } from '@/server/privacy';
import type { ReplayTools } from '../dead-letter.service';
import { Refusal } from '../refusal';
import { type RequestFacts, readSegmentCall, type TakenEvent } from '../segment-call';
import { columnOf, customerCall } from './customer-call';
import type { BeginImport, ImportCounts, ImportRow, RefusedRow } from './customer-import.schema';
import type { ImportColumn } from './import-columns.schema';
import {
  backlogOf,
  endImport,
  type ImportRecord,
  keepImport,
  keptImport,
  noteBatch,
} from './import-record.connector';

/** Customers at their screens go before: while so many events wait, an import does. */
const MOST_WAITING = 20_000;

/** Begins an import; on record. Its events come from a source of their own, made with the first import of a region. */
export async function beginImport(
  deps: Deps,
  actor: PersonActor,
  { fileName, bytes, region, columns }: BeginImport,
): Promise<{ importId: string }> {
  const { sourceId } = await importSource(deps, actor, region);
  const importId = deps.newId('import');
  await keepImport(deps, actor.workspaceId, importId, { sourceId, fileName, bytes, columns });
  await note(deps, actor, 'customers.importBegan', importId, {
    fileName,
    bytes,
    traits: columns.filter(({ use }) => use === 'trait').map(({ trait }) => trait),
  });
  return { importId };
}

/**
 * Takes rows as the collector takes `identify` calls: checked by its rules, known again by their message ids, on disk
 * before the answer. Opt-outs hold for what they bring as for any other event.
 * @throws Fault `unavailable` while processors are behind or the log cannot take it: send the same rows again
 */
export async function importRows(
  deps: Deps,
  { workspaceId }: Pick<PersonActor, 'workspaceId'>,
  { importId, rows }: { importId: string; rows: readonly ImportRow[] },
  { log }: Pick<ReplayTools, 'log'>,
): Promise<ImportCounts & { refusedRows: RefusedRow[] }> {
  const { record, source } = await begun(deps, workspaceId, importId);
  if ((await backlogOf(deps, source)) > MOST_WAITING)
    throw new Fault('unavailable', 'More has come in than is processed; the import waits.');
  const { taken, refused } = sortRows(rows, record.columns, source, deps.now());
  const events = taken.map(({ event, dedupKey }) => encodeEvent(event, dedupKey, source.partitions));
  const { duplicates } =
    events.length === 0
      ? { duplicates: [] }
      : await log.append({ shardId: source.shardId, events, deadLetters: [] });
  const counts = {
    taken: taken.length - duplicates.length,
    repeated: duplicates.length,
    refused: refused.length,
  };
  const noted = await noteBatch(deps, workspaceId, importId, rows[0]?.line ?? 0, counts);
  if (noted === 'tooMany') throw new Fault('too_large', 'This import came in too many small parts.');
  return { ...noted, refusedRows: refused };
}

/** Ends an import; on record with what became of its rows. */
export async function finishImport(deps: Deps, actor: PersonActor, importId: string): Promise<ImportCounts> {
  const record = await recordOf(deps, actor.workspaceId, importId);
  const counts = await endImport(deps, actor.workspaceId, importId);
  if (counts === null) throw new Fault('not_found', GONE);
  await note(deps, actor, 'customers.imported', importId, { fileName: record.fileName, ...counts });
  return counts;
}

const GONE = 'There is no such import under way.';

async function recordOf(deps: Deps, workspaceId: string, importId: string): Promise<ImportRecord> {
  const record = await keptImport(deps, workspaceId, importId);
  if (record === null) throw new Fault('not_found', GONE);
  return record;
}

async function begun(deps: Deps, workspaceId: string, importId: string) {
  const record = await recordOf(deps, workspaceId, importId);
  const source = await sourceInUse(deps, workspaceId, record.sourceId);
  if (source === null) throw new Fault('conflict', 'The source of imports was revoked; begin anew.');
  return { record, source };
}

function sortRows(
  rows: readonly ImportRow[],
  columns: readonly ImportColumn[],
  source: SourceIdentity,
  now: number,
): { taken: TakenEvent[]; refused: RefusedRow[] } {
  const facts = factsOf(source, now);
  const taken: TakenEvent[] = [];
  const refused: RefusedRow[] = [];
  for (const row of rows) {
    const call = customerCall(row, columns);
    if (!('type' in call)) {
      refused.push(call);
      continue;
    }
    const read = readSegmentCall(call, 'identify', facts);
    if (read instanceof Refusal)
      refused.push({ line: row.line, column: columnOf(read.field, columns), reason: read.detail });
    else taken.push(read);
  }
  return { taken, refused };
}

function factsOf({ sourceId, platform }: SourceIdentity, now: number): RequestFacts {
  return {
    sourceId,
    sourcePlatform: platform,
    userAgent: '',
    receivedAt: now,
    sentAt: undefined,
    inspect: true,
    measure: true,
    traceparent: undefined,
    privacyControl: false,
    newId: () => {
      throw new Error('a row brings its message id');
    },
  };
}

function note(
  deps: Deps,
  { workspaceId, userId }: PersonActor,
  action: string,
  subject: string,
  details: Record<string, string | number | string[]>,
) {
  return writeAudit(deps, { workspaceId, actorKind: 'person', actorId: userId, action, subject, details });
}
