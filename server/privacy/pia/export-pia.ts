import type { DpiaRow } from '../dpia.repository';
import { type DpiaContent, FEARED_EVENTS, type FearedEvent, type Risk } from '../dpia.schema';
import { type OwnPart, QUESTION_OF, questionsOf } from './cnil-pia.schema';
import { splitText, type TextName } from './dpia-text';
import { htmlOf } from './html-text';
import { distinctMeasures } from './risk-measures';

/** A number by which their software knows the assessment while it reads the file; it gives one of its own. */
const PIA_ID = 1;
/** In their words: 0 doing, 1 refused, 2 validated. */
const STATUS: Record<string, number> = { signed: 2, rejected: 1 };
const OPINION = { approved: 1, rejected: 0 } as const;
/** An evaluation that asks for further measures: the only one that may re-estimate a risk. */
const IMPROVABLE = 2;

/** Names of people that their form asks for. */
export interface PiaPeople {
  author: string;
  /** who signed; empty while nobody has */
  officer: string;
}

interface Answer {
  question: number;
  text?: string;
  gauge?: number;
  list?: string[];
}

/**
 * An assessment as a file their software imports. What has no place there (screening, purposes, further risks) travels in a
 * part of its own, `millrace`, that their software does not read.
 */
export function cnilPiaOf(dpia: DpiaRow, people: PiaPeople, now: Date) {
  const { content } = dpia;
  const placed = placedRisks(content.risks);
  const { all, ofText } = distinctMeasures([...placed.values()].map(({ measures }) => measures));
  const answers = [
    ...textAnswers(dpia),
    ...[...placed].flatMap(([event, risk], at) => riskAnswers(event, risk, ofText[at] ?? [])),
  ];
  const createdAt = dpia.createdAt.toISOString();
  const signature = dpia.signatures.find(({ version }) => version === dpia.version);
  return {
    pia: {
      id: PIA_ID,
      status: STATUS[dpia.status] ?? 0,
      name: dpia.title,
      category: '',
      author_name: people.author,
      evaluator_name: people.officer,
      validator_name: people.officer,
      dpos_names: people.officer,
      dpo_status: signature ? (OPINION[signature.verdict as keyof typeof OPINION] ?? null) : null,
      dpo_opinion: content.opinion || (signature?.opinion ?? ''),
      is_example: 0,
      is_archive: 0,
      structure_id: '',
      created_at: createdAt,
      updated_at: dpia.updatedAt.toISOString(),
    },
    answers: answers.map(({ question, text, gauge, list }, at) => ({
      id: at + 1,
      pia_id: PIA_ID,
      reference_to: question,
      data: { text: text ? htmlOf(text) : null, gauge: gauge ?? null, list: list ?? [] },
      created_at: createdAt,
    })),
    measures: all.map(({ title, content: said }, at) => ({
      id: at + 1,
      pia_id: PIA_ID,
      title,
      content: htmlOf(said),
      placeholder: '',
      created_at: createdAt,
    })),
    evaluations: [...placed].map(([event, risk], at) => ({
      id: at + 1,
      pia_id: PIA_ID,
      status: IMPROVABLE,
      reference_to: questionsOf(event).evaluation,
      evaluation_comment: '',
      action_plan_comment: '',
      gauges: { x: risk.residualSeverity, y: risk.residualLikelihood },
      global_status: 1,
      created_at: createdAt,
    })),
    comments: [],
    exportedAt: now.toISOString(),
    millrace: ownPartOf(dpia, placed),
  };
}

/** In each of their three places the gravest risk of ours for that event; the first of equals. */
function placedRisks(risks: readonly Risk[]): Map<FearedEvent, Risk> {
  const gravity = (risk: Risk) => risk.severity * risk.likelihood;
  const placed = new Map<FearedEvent, Risk>();
  for (const event of FEARED_EVENTS) {
    const [gravest] = risks.filter((risk) => risk.event === event).sort((a, b) => gravity(b) - gravity(a));
    if (gravest) placed.set(event, gravest);
  }
  return placed;
}

function textAnswers({ description, content }: { description: string; content: DpiaContent }): Answer[] {
  const parts = (['processing', 'necessity', 'rights'] as const satisfies TextName[]).flatMap((name) =>
    [...splitText(name, content[name])].map(([question, text]) => ({ question, text })),
  );
  const single = [
    { question: QUESTION_OF.description, text: description },
    { question: QUESTION_OF.retention, text: content.retention },
  ].filter(({ text }) => text !== '');
  return [...single, ...parts].sort((a, b) => a.question - b.question);
}

const linesOf = (text: string | undefined) =>
  text ? text.split('\n').filter((line) => line.trim() !== '') : [];

function riskAnswers(event: FearedEvent, risk: Risk, measures: string[]): Answer[] {
  const questions = questionsOf(event);
  return [
    { question: questions.impacts, list: [risk.title, ...linesOf(risk.impacts)] },
    { question: questions.threats, list: linesOf(risk.threats) },
    { question: questions.sources, list: linesOf(risk.sources) },
    { question: questions.measures, list: measures },
    { question: questions.severity, text: risk.severityWhy ?? '', gauge: risk.severity },
    { question: questions.likelihood, text: risk.likelihoodWhy ?? '', gauge: risk.likelihood },
  ];
}

function ownPartOf({ content, dueAt }: DpiaRow, placed: ReadonlyMap<FearedEvent, Risk>): OwnPart {
  const placeOf = new Map([...placed].map(([event, { id }]) => [id, event]));
  return {
    format: 1,
    purposes: content.purposes,
    screening: content.screening,
    dueAt,
    risks: content.risks.map((risk) => {
      const inPlace = placeOf.get(risk.id);
      return inPlace === undefined ? risk : { id: risk.id, inPlace };
    }),
  };
}
