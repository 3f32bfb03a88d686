import type { DeadLetterRecord, DuplicateRecord, EventText, TextRecord } from '@/server/event-log';
import type { OutputRecord } from '@/server/streaming/partition-step';
import type { ArchiveBatch } from './archive-tables';
import {
  boundedKey,
  copyJson,
  copyJsonText,
  copyKey,
  copyText,
  copyTextOrNull,
  copyTime,
  NULL_COLUMN,
} from './copy-text';

/** Stands for a customer who opted out where a replay needs one. No customer has an empty key. */
export const ANONYMOUS = '';

/** Where rows come from. */
export interface RowOrigin {
  workspaceId: string;
  shardId: number;
  partition: number;
}

function prefixOf({ workspaceId, shardId, partition }: RowOrigin): string {
  return `${copyText(workspaceId)}\t${shardId}\t${partition}`;
}

/**
 * Rows of one entry of a partition's log. Links, transfers, ticks and changes of consent are kept as they are: no screen
 * reads them, but a replay of history needs them where they stood. An event that was forwarded counts where it arrived.
 * @param isOptedOut whether only the anonymous totals may keep events of this customer
 */
export function addLogRows(
  batch: ArchiveBatch,
  origin: RowOrigin,
  entry: { id: string; loggedAt: number; records: readonly TextRecord[] },
  isOptedOut: (customer: string) => boolean,
): void {
  const prefix = prefixOf(origin);
  const loggedAt = copyTime(entry.loggedAt);
  entry.records.forEach((record, index) => {
    const head = `${prefix}\t${entry.id}/${index}`;
    if (record.k === 'e')
      batch.add('history_events', eventLine(head, loggedAt, record, isOptedOut(record.c)));
    else if (record.k === 'd') batch.add('duplicate_attempts', duplicateLine(head, record));
    else batch.add('history_records', `${head}\t${loggedAt}\t${copyJson(keptRecord(record, isOptedOut))}\n`);
  });
}

/** A transfer to somebody who opted out keeps its number only: a replay then passes it over as the stream did. */
function keptRecord(
  record: Exclude<TextRecord, EventText | DuplicateRecord>,
  isOptedOut: (customer: string) => boolean,
): object {
  if (record.k !== 't' || !isOptedOut(record.to)) return record;
  return { k: 't', from: ANONYMOUS, to: ANONYMOUS, origin: record.origin };
}

function eventLine(head: string, loggedAt: string, event: EventText, optedOut: boolean): string {
  const customer = optedOut ? NULL_COLUMN : copyKey(event.c);
  const properties = optedOut ? '{}' : copyJsonText(event.p);
  const linked = optedOut || event.l === undefined ? NULL_COLUMN : copyKey(event.l);
  const second = optedOut || event.l2 === undefined ? NULL_COLUMN : copyKey(event.l2);
  const repeats = event.rk ?? NULL_COLUMN;
  return `${head}\t${loggedAt}\t${copyTime(event.t)}\t${customer}\t${copyKey(event.id)}\t${copyText(event.s)}\t${event.y}\t${copyText(event.n)}\t${event.pl}\t${properties}\t${linked}\t${repeats}\t${second}\n`;
}

function duplicateLine(head: string, record: DuplicateRecord): string {
  return `${head}\t${copyKey(record.id)}\t${copyText(record.s)}\t${copyTime(record.t)}\t${copyTime(record.r)}\n`;
}

/** Rows of the outputs of one commit. */
export function addOutputRows(
  batch: ArchiveBatch,
  origin: RowOrigin,
  outputs: readonly OutputRecord[],
): void {
  const prefix = prefixOf(origin);
  for (const output of outputs) {
    switch (output.o) {
      case 'fact':
        batch.add('history_facts', factLine(prefix, output));
        break;
      case 'decision':
        batch.add('decisions', decisionLine(prefix, origin, output));
        break;
      case 'late':
        batch.add('late_events', lateLine(prefix, output));
        break;
      case 'signal':
        batch.add('consent_signal_news', signalLine(prefix, output));
        break;
      case 'link':
        batch.link({
          workspaceId: origin.workspaceId,
          from: boundedKey(output.from),
          to: boundedKey(output.to),
          at: output.at,
        });
        break;
      case 'poison':
        addDeadLetter(batch, origin, `${origin.partition}:${output.position}`, letterOf(output));
        break;
    }
  }
}

type Output<K extends OutputRecord['o']> = Extract<OutputRecord, { o: K }>;

function factLine(prefix: string, fact: Output<'fact'>): string {
  return `${prefix}\t${fact.position}\t${copyKey(fact.customer)}\t${fact.kind}\t${copyTime(fact.at)}\t${fact.sign}\t${copyTextOrNull(fact.amount)}\t${copyTextOrNull(fact.currency)}\t${copyTextOrNull(fact.platform)}\n`;
}

/** A decision of before the upgrade says neither use case nor arm. */
function decisionLine(prefix: string, origin: RowOrigin, decision: Output<'decision'>): string {
  const { position, customer, ruleId, ruleVersion, purpose, action, inputs, provisional } = decision;
  const { eventAt, decidedAt, useCaseId, heldOut } = decision;
  return `${prefix}\t${position}\t${decisionId(origin, position)}\t${copyKey(customer)}\t${copyText(ruleId)}\t${ruleVersion}\t${copyText(purpose)}\t${copyJson(action)}\t${copyJson(inputs)}\t${provisional}\t${copyTime(eventAt)}\t${copyTime(decidedAt)}\t${copyTextOrNull(useCaseId)}\t${heldOut === true}\n`;
}

function lateLine(prefix: string, late: Output<'late'>): string {
  return `${prefix}\t${late.position}\t${copyKey(late.customer)}\t${copyKey(late.messageId)}\t${copyText(late.name)}\t${copyTime(late.eventAt)}\t${copyTime(late.loggedAt)}\t${Math.round(late.latenessMs)}\t${copyJson(late.published)}\t${copyJson(late.corrected)}\n`;
}

function signalLine(prefix: string, signal: Output<'signal'>): string {
  return `${prefix}\t${signal.position}\t${copyKey(signal.customer)}\t${copyText(signal.kind)}\t{${copyText(signal.denied.join())}}\t${copyTime(signal.at)}\n`;
}

function letterOf(poison: Output<'poison'>): DeadLetterRecord {
  return {
    k: 'x',
    s: poison.sourceId,
    id: poison.messageId ?? undefined,
    reason: 'processor',
    detail: `The processors threw ${poison.detail}; the record was skipped.`,
    sample: '',
    t: poison.eventAt,
    r: poison.receivedAt,
  };
}

/** The decision's own id, which what follows from it points at. */
export function decisionId({ shardId, partition }: RowOrigin, position: string): string {
  return `${shardId}.${partition}:${position}`;
}

/** Rows of one entry of a shard's dead letters. */
export function addDeadLetterRows(
  batch: ArchiveBatch,
  origin: RowOrigin,
  entry: { id: string; records: readonly DeadLetterRecord[] },
): void {
  entry.records.forEach((record, index) => {
    addDeadLetter(batch, origin, `${entry.id}/${index}`, record);
  });
}

function addDeadLetter(
  batch: ArchiveBatch,
  origin: RowOrigin,
  position: string,
  record: DeadLetterRecord,
): void {
  const sealed =
    record.sealed === undefined
      ? NULL_COLUMN
      : `\\\\x${Buffer.from(record.sealed, 'base64').toString('hex')}`;
  const id = record.id === undefined ? NULL_COLUMN : copyKey(record.id);
  batch.add(
    'dead_letters',
    `${copyText(origin.workspaceId)}\t${origin.shardId}\t${position}\t${copyText(record.s)}\t${id}\t${record.reason}\t${copyTextOrNull(record.field)}\t${copyText(record.detail)}\t${copyText(record.sample)}\t${sealed}\t${copyTime(record.t)}\t${copyTime(record.r)}\n`,
  );
}
