import type { CustomerEvent, LogEntry, LogRecord } from '@/server/event-log';
import { entryTime } from '@/server/scaling';
import type { PartitionProcessor, PoisonOutput } from '@/server/streaming/partition-step';
import type { LoadedCustomers } from './customer-loader';
import type { PartitionMemory } from './partition-memory';

/**
 * A commit carries at most this much; an entry is never cut. Under a backlog the more events of a customer fall into one
 * commit, the more seldom the customer is read, parsed and written.
 */
const MAX_EVENTS = 1_000;
const MAX_BYTES = 512 * 1024;

export type LogProcessor = PartitionProcessor<LogRecord>;

/** What one commit of one partition is made from. */
export interface PartitionBatch {
  memory: PartitionMemory;
  entries: { entry: LogEntry; records: LogRecord[]; broken?: string }[];
  /** how many in all entries */
  records: number;
  due: string[];
  /** customers that must be loaded before the batch is stepped */
  customers: Set<string>;
  /** events that name a second key */
  linking: CustomerEvent[];
  /** what the store holds of them, as it was read; taken apart when the batch is stepped */
  loaded: LoadedCustomers | null;
}

/** Cuts the next batch, of at most so many records, off what was read; null when there is nothing to do. */
export function cutBatch(
  memory: PartitionMemory,
  processor: LogProcessor,
  mostRecords = MAX_EVENTS,
): PartitionBatch | null {
  const most = Math.min(MAX_EVENTS, mostRecords);
  const due = memory.due;
  if (memory.pending.length === 0 && due.length === 0) return null;
  const batch: PartitionBatch = {
    memory,
    entries: [],
    records: 0,
    due,
    customers: new Set(due),
    linking: [],
    loaded: null,
  };
  let bytes = 0;
  let taken = 0;
  let claims: Set<string> | undefined;
  for (const entry of memory.pending) {
    if (entry.claim !== undefined) {
      // A pack that was appended twice has its effect by the first: the second meets a claim that is gone.
      claims ??= new Set();
      if (claims.has(entry.claim)) break;
      claims.add(entry.claim);
    }
    if (taken > 0 && (bytes + entry.records.length > MAX_BYTES || batch.records >= most)) break;
    const parsed = parseEntry(entry);
    if (taken > 0 && batch.records + parsed.records.length > most) break;
    taken += 1;
    bytes += entry.records.length;
    batch.records += parsed.records.length;
    batch.entries.push(parsed);
    noteNeeds(batch, parsed.records, processor);
  }
  memory.pending = taken === memory.pending.length ? [] : memory.pending.slice(taken);
  memory.due = [];
  return batch;
}

/** What must be at hand before these records are stepped. */
function noteNeeds(batch: PartitionBatch, records: readonly LogRecord[], processor: LogProcessor): void {
  for (const record of records) {
    if (record.k === 'l' || record.k === 't') batch.memory.inboxTouched = true;
    else if (record.k === 'e' && record.l !== undefined) batch.linking.push(record);
    for (const customer of processor.keysOf(record).customers) batch.customers.add(customer);
  }
}

function parseEntry(entry: LogEntry): PartitionBatch['entries'][number] {
  try {
    const records = JSON.parse(entry.records) as LogRecord[];
    if (!Array.isArray(records)) return { entry, records: [], broken: 'not an array of records' };
    return { entry, records };
  } catch {
    return { entry, records: [], broken: 'not JSON' };
  }
}

/** Something threw: the position must be skipped when the batch is stepped again from clean state. */
export class PoisonedError extends Error {
  constructor(
    readonly position: string,
    /** had the record in hand */
    readonly operator: string,
    cause: unknown,
  ) {
    super(`The processors threw at ${position}.`, { cause });
  }
}

/**
 * Steps a whole batch. Positions in `poison` are skipped and noted.
 * @throws PoisonedError naming the first position that threw; the memory is then no longer clean
 */
export function stepBatch(
  batch: PartitionBatch,
  processor: LogProcessor,
  poison: ReadonlyMap<string, string>,
): void {
  const { memory } = batch;
  const { set } = memory;
  const firing = `${memory.offset}/t${memory.sequence}`;
  // What records give a timer anew may be due by the end of the batch: only a batch that fires alone has nothing more to fire.
  memory.fired = new Set(batch.entries.length === 0 ? batch.due : []);
  batch.due.forEach((customer, index) => {
    const position = `${firing}.${index}`;
    const reason = poison.get(`timer of ${customer}`);
    if (reason !== undefined) {
      set.timers.set(customer, null);
      set.changedTimers.add(customer);
      notePoison(memory, poisonOutput(position, null, entryTime(memory.offset), reason));
      return;
    }
    attempt(processor, `timer of ${customer}`, () => processor.fire(set, [customer], position));
  });
  for (const { entry, records, broken } of batch.entries) {
    const loggedAt = entryTime(entry.id);
    if (broken) notePoison(memory, poisonOutput(`${entry.id}/0`, null, loggedAt, broken));
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index] as LogRecord;
      const position = `${entry.id}/${index}`;
      if (record.k !== 'c') memory.lastRecordAt = loggedAt;
      const reason = poison.size === 0 ? undefined : poison.get(position);
      if (reason === undefined) stepOne(processor, memory, record, position, loggedAt);
      else notePoison(memory, poisonOutput(position, record, loggedAt, reason));
    }
  }
}

function stepOne(
  processor: LogProcessor,
  memory: PartitionMemory,
  record: LogRecord,
  position: string,
  loggedAt: number,
): void {
  try {
    processor.step(memory.set, record, position, loggedAt);
  } catch (cause) {
    throw new PoisonedError(position, processor.inHand ?? 'processor', cause);
  }
}

function attempt(processor: LogProcessor, position: string, run: () => void): void {
  try {
    run();
  } catch (cause) {
    throw new PoisonedError(position, processor.inHand ?? 'processor', cause);
  }
}

function notePoison(memory: PartitionMemory, output: PoisonOutput): void {
  const { counters } = memory.set.aggregates;
  counters.errors = (counters.errors ?? 0) + 1;
  memory.set.outputs.push({ o: 'poison', ...output });
}

function poisonOutput(
  position: string,
  record: LogRecord | null,
  loggedAt: number,
  detail: string,
): PoisonOutput {
  const event = record !== null && (record.k === 'e' || record.k === 'd') ? record : null;
  return {
    position,
    messageId: event?.id ?? null,
    sourceId: event?.s ?? '',
    eventAt: event?.t ?? loggedAt,
    receivedAt: event?.r ?? loggedAt,
    detail: detail.slice(0, 500),
  };
}
