import { z } from 'zod';
import { Fault } from '@/server/core/fault';
import { UNKEEPABLE, unkeepableIn } from '@/server/core/keepable-text';
import {
  type DpiaInput,
  dpiaInputSchema,
  FEARED_EVENTS,
  LONG_TEXT,
  MOST_DESCRIPTION,
  MOST_TITLE,
  SHORT_TEXT,
} from '../dpia.schema';
import { type CnilPia, cnilPiaSchema, QUESTION_OF, questionsOf } from './cnil-pia.schema';
import { joinText, TEXT_PARTS, type TextName } from './dpia-text';
import { textOfHtml } from './html-text';
import { importedRisks } from './import-risks';
import { LeftOut } from './left-out';

export interface ImportedPia {
  input: DpiaInput;
  /** parts of the file that have no place here, each in a line */
  notTakenOver: string[];
}

/**
 * An assessment from a file of the CNIL's PIA software. Nothing is lost unsaid: what has no place here is named.
 * @throws Fault `bad_request` that names the field which cannot be read
 */
export function importedPia(file: string): ImportedPia {
  const pia = parsedFile(file);
  const left = new LeftOut();
  const answers = new Map(pia.answers.map((answer) => [Number(answer.reference_to), answer.data]));
  const htmlOfAnswer = (question: number) => textOfHtml(answers.get(question)?.text ?? '');
  const text = (name: TextName) => {
    const parts = TEXT_PARTS[name].map(({ question }) => [question, htmlOfAnswer(question)] as const);
    return left.fit(joinText(name, new Map(parts)), LONG_TEXT, name);
  };
  const own = pia.millrace;
  if (own === undefined) left.note('Purposes are not told in the file: set to Service, to be checked');
  const input = {
    title: left.fit(pia.pia.name, MOST_TITLE, 'pia.name'),
    description: left.fit(htmlOfAnswer(QUESTION_OF.description), MOST_DESCRIPTION, 'answer 111'),
    dueAt: own?.dueAt ?? null,
    content: {
      purposes: own?.purposes ?? ['service' as const],
      screening: own?.screening ?? {},
      processing: text('processing'),
      necessity: text('necessity'),
      retention: left.fit(htmlOfAnswer(QUESTION_OF.retention), SHORT_TEXT, 'answer 215'),
      rights: text('rights'),
      risks: importedRisks(pia, answers, left),
      opinion: left.fit(pia.pia.dpo_opinion?.trim() ?? '', SHORT_TEXT, 'pia.dpo_opinion'),
    },
  };
  noteWhatStays(pia, left);
  return { input: parsed(dpiaInputSchema, input, 'The file makes no assessment'), notTakenOver: left.lines };
}

function parsedFile(file: string): CnilPia {
  let value: unknown;
  try {
    value = JSON.parse(file.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'cannot be read';
    throw refused('This is no file of the CNIL’s PIA software: it is not JSON.', [{ field: 'file', reason }]);
  }
  const unkeepable = unkeepableIn(value);
  if (unkeepable !== null)
    throw refused('The file cannot be kept.', [{ field: unkeepable, reason: UNKEEPABLE }]);
  return parsed(cnilPiaSchema, value, 'This is no file of the CNIL’s PIA software');
}

const MOST_FAULTS_TOLD = 10;

function parsed<T extends z.ZodType>(schema: T, value: unknown, words: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues
    .slice(0, MOST_FAULTS_TOLD)
    .map(({ path, message }) => ({ field: z.core.toDotPath(path) || 'file', reason: message }));
  throw refused(`${words}: ${fields[0]?.field} – ${fields[0]?.reason}.`, fields);
}

const refused = (words: string, fields: { field: string; reason: string }[]) =>
  new Fault('bad_request', words, { fields });

const KNOWN_PARTS = ['pia', 'answers', 'measures', 'evaluations', 'comments', 'millrace', 'exportedAt'];
/** What is about their database and not about the assessment, or is taken over. */
const KNOWN_FIELDS =
  /^(id|name|dpo_opinion|status|progress|created_at|updated_at|is_example|is_archive|lock_version|dbVersion|tableName|serverUrl|numberOfQuestions|objectStore)$/;
const NO_NAMES = new Set<unknown>(['', null, undefined, 0, false]);
const STATUS_WORDS = ['', 'refused', 'validated', 'validated and signed', 'archived'];

function noteWhatStays({ pia, comments, evaluations, answers, ...rest }: CnilPia, left: LeftOut): void {
  const known = new Set<number>([
    ...Object.values(QUESTION_OF),
    ...Object.values(TEXT_PARTS).flatMap((parts) => parts.map(({ question }) => question)),
    ...FEARED_EVENTS.flatMap((event) => Object.values(questionsOf(event)).map(Number)),
  ]);
  left.repeats(
    answers.map(({ reference_to }) => reference_to),
    (question) => `Answer ${question} comes again: the last counts`,
  );
  for (const { reference_to, data } of answers) {
    const said = data.text || data.gauge || (data.list?.length ?? 0) > 0;
    if (said && !known.has(Number(reference_to)))
      left.note(`Answer ${reference_to}: the question is not known here`);
  }
  for (const [field, value] of Object.entries(pia)) {
    if (!KNOWN_FIELDS.test(field) && !isEmpty(value)) left.note(`pia.${field}: has no place here`);
  }
  const status = STATUS_WORDS[Number(pia.status ?? 0)] ?? '';
  if (status) left.note(`pia.status: ${status} there; here it is a draft until an officer signs`);
  const judged = evaluations.filter((one) => one.evaluation_comment || one.action_plan_comment).length;
  if (judged > 0) left.note(`evaluations: comments and plans of action of ${judged}`);
  if (comments.length > 0) left.note(`comments: ${comments.length}`);
  for (const [part, value] of Object.entries(rest)) {
    if (!KNOWN_PARTS.includes(part) && !isEmpty(value)) left.note(`${part}: has no place here`);
  }
}

const isEmpty = (value: unknown) => NO_NAMES.has(value) || (Array.isArray(value) && value.length === 0);
