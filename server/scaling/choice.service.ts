import { createHash } from 'node:crypto';
import { Fault } from '@/server/core/fault';
import { canonicalJson, type JsonObject } from '@/server/core/json';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy';
import {
  countRecords,
  endFlagsOf,
  insertRecord,
  listRecords,
  MOST_RECORDS,
  namesOfSigners,
  newestRecord,
  type RecordWithFlags,
} from './choice.repository';
import type { SignChoice } from './choice.schema';
import { compareOptions } from './choice-comparison.schema';
import { measureAssumptions } from './choice-measurements.service';
import { optionOf } from './choice-options.schema';
import {
  ASSUMPTIONS,
  ASSUMPTIONS_OF,
  type AssumptionKey,
  type Assumptions,
  type AssumptionView,
  type ChoiceAnswers,
  type ChoiceView,
  type Subject,
} from './choice-terms.schema';

type Person = Pick<PersonActor, 'workspaceId' | 'userId'>;

/** What a signature covers. */
interface Signed {
  workspaceId: string;
  subject: string;
  option: string;
  reason: string;
  answers: unknown;
  verdicts: unknown;
  assumptions: unknown;
  signedById: string;
  /** ISO 8601 */
  signedAt: string;
}

/** SHA-256 over the canonical text of all that was signed, as hex. */
function signatureOf(signed: Signed): string {
  return createHash('sha256').update(canonicalJson(signed)).digest('hex');
}

/**
 * Signs a choice and puts it on record with what it assumes; it follows the record of the subject that stood before.
 * @throws Fault `bad_request` when the option or an assumption is not of the subject, `conflict` when there are too many records
 */
export async function signChoice(deps: Deps, person: Person, input: SignChoice): Promise<{ id: string }> {
  refuseStrangers(input);
  const { workspaceId, userId } = person;
  const id = deps.newId('cho');
  const at = new Date(deps.now());
  const verdicts = compareOptions(input.subject, input.answers).map(({ option, remains, because }) => ({
    option: option.key,
    remains,
    because,
  }));
  const signed = { workspaceId, ...input, verdicts, signedById: userId, signedAt: at.toISOString() };
  const name = optionOf(input.option)?.name ?? input.option;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    if ((await countRecords(tx, workspaceId)) >= MOST_RECORDS) {
      throw new Fault('conflict', `A workspace keeps at most ${MOST_RECORDS} decision records.`);
    }
    const before = await newestRecord(tx, workspaceId, input.subject);
    if (before) await endFlagsOf(tx, workspaceId, before.id, at);
    await insertRecord(tx, {
      ...signed,
      id,
      signedAt: at,
      signature: signatureOf(signed),
      replacesId: before?.id ?? null,
    });
    const details = { name, subject: input.subject, assumptions: { ...input.assumptions } } as JsonObject;
    await audit({ actorKind: 'person', actorId: userId, action: 'choice.signed', subject: id, details });
  });
  return { id };
}

function refuseStrangers({ subject, option, assumptions }: SignChoice): void {
  if (optionOf(option)?.subject !== subject) {
    throw new Fault('bad_request', `There is no option ${option} among those compared.`);
  }
  const stranger = Object.keys(assumptions).find(
    (key) => !(ASSUMPTIONS_OF[subject] as string[]).includes(key),
  );
  if (stranger) throw new Fault('bad_request', `A choice of this kind does not rest on ${stranger}.`);
}

/** Every decision record, newest first, with its assumptions beside what is measured now. */
export async function listChoices(deps: Deps, workspaceId: string): Promise<ChoiceView[]> {
  const records = await listRecords(deps, workspaceId);
  if (records.length === 0) return [];
  const [measured, names] = await Promise.all([
    measureAssumptions(deps, workspaceId),
    namesOfSigners(
      deps,
      records.map((record) => record.signedById),
    ),
  ]);
  const replaced = new Set(records.map((record) => record.replacesId));
  return records.map((record) => ({
    ...viewOf(record, measured),
    signedBy: names.get(record.signedById) ?? 'someone who has left',
    replaced: replaced.has(record.id),
  }));
}

type Measured = Record<AssumptionKey, number | null>;

function viewOf(record: RecordWithFlags, measured: Measured): Omit<ChoiceView, 'signedBy' | 'replaced'> {
  const { id, subject, option, reason, signature, signedAt, answers, verdicts } = record;
  return {
    id,
    subject: subject as Subject,
    option,
    reason,
    signature,
    signedAt: signedAt.getTime(),
    intact: isIntact(record),
    answers: answers as ChoiceAnswers,
    verdicts: verdicts as ChoiceView['verdicts'],
    assumptions: assumptionViews(record, measured),
    flags: record.flags.map((flag) => ({
      id: flag.id,
      assumption: flag.assumption as AssumptionKey,
      allowed: flag.allowed,
      worst: flag.worst,
      startedAt: flag.startedAt.getTime(),
      endedAt: flag.endedAt?.getTime() ?? null,
    })),
  };
}

function isIntact(record: RecordWithFlags): boolean {
  const { workspaceId, subject, option, reason, answers, verdicts, assumptions, signedById } = record;
  const signedAt = record.signedAt.toISOString();
  const signed = {
    workspaceId,
    subject,
    option,
    reason,
    answers,
    verdicts,
    assumptions,
    signedById,
    signedAt,
  };
  return signatureOf(signed) === record.signature;
}

const UNKNOWN: Record<AssumptionKey, string> = {
  peakEventsPerSecond: 'no sample in the last five minutes',
  freshnessSeconds: 'no sample in the last five minutes',
  stateGb: 'Redis could not be asked',
  retentionDays: 'history holds no day of events yet',
};

function assumptionViews(record: RecordWithFlags, measured: Measured): AssumptionView[] {
  const assumptions = record.assumptions as Assumptions;
  return ASSUMPTIONS.flatMap((key) => {
    const allowed = assumptions[key];
    if (allowed === undefined) return [];
    const flag = record.flags.find((each) => each.assumption === key && each.endedAt === null);
    const value = measured[key];
    return [
      {
        key,
        allowed,
        measured: value,
        reason: value === null ? UNKNOWN[key] : null,
        flag: flag ? { startedAt: flag.startedAt.getTime(), worst: flag.worst } : null,
      },
    ];
  });
}
