import {
  FEARED_EVENTS,
  type FearedEvent,
  MOST_RISKS,
  RISK_TEXT,
  type Risk,
  SHORT_TEXT,
} from '../dpia.schema';
import { type CnilPia, PLACES, questionsOf } from './cnil-pia.schema';
import { textOfHtml } from './html-text';
import type { LeftOut } from './left-out';
import { lineOf } from './risk-measures';

type Answers = ReadonlyMap<number, CnilPia['answers'][number]['data']>;
const MOST_RISK_TITLE = 200;
const GREATEST = 4;

/**
 * The risks of a file: of each feared event that is answered one, and those of ours that their software has no place for,
 * in the order they had.
 */
export function importedRisks(pia: CnilPia, answers: Answers, left: LeftOut): Risk[] {
  const inPlace = new Map(
    FEARED_EVENTS.filter((event) => isAnswered(event, answers)).map((event) => [
      event,
      riskInPlace(event, pia, answers, left),
    ]),
  );
  noteUnusedMeasures(pia, answers, left);
  const ordered = (pia.millrace?.risks ?? []).flatMap((risk): Risk[] => {
    if (!('inPlace' in risk)) return [risk];
    const found = inPlace.get(risk.inPlace);
    inPlace.delete(risk.inPlace);
    if (found === undefined) left.note(`Risk ${risk.id}: its place ${PLACES[risk.inPlace].title} is empty`);
    return found ? [{ ...found, id: risk.id }] : [];
  });
  const risks = withIds([...ordered, ...inPlace.values()]);
  for (const { title } of risks.slice(MOST_RISKS))
    left.note(`Risk “${title}”: more than ${MOST_RISKS} are not kept`);
  return risks.slice(0, MOST_RISKS);
}

/** Those without an id get the next free one. */
function withIds(risks: readonly Risk[]): Risk[] {
  let last = Math.max(0, ...risks.map(({ id }) => Number(id.slice(1)) || 0));
  return risks.map((risk) => {
    if (risk.id !== '') return risk;
    last += 1;
    return { ...risk, id: `r${last}` };
  });
}

function isAnswered(event: FearedEvent, answers: Answers): boolean {
  const { evaluation: _, ...questions } = questionsOf(event);
  return Object.values(questions).some((question) => {
    const data = answers.get(question);
    return data !== undefined && Boolean(data.text || data.gauge || (data.list?.length ?? 0) > 0);
  });
}

function riskInPlace(event: FearedEvent, pia: CnilPia, answers: Answers, left: LeftOut): Risk {
  const questions = questionsOf(event);
  const name = PLACES[event].title;
  const list = (question: number) =>
    (answers.get(question)?.list ?? []).map((one) => one.trim()).filter(Boolean);
  const lines = (items: string[], what: string) =>
    optional(left.fit(items.join('\n'), RISK_TEXT, `${name}, ${what}`));
  const why = (question: number, what: string) =>
    optional(left.fit(textOfHtml(answers.get(question)?.text ?? ''), RISK_TEXT, `${name}, ${what}`));
  const estimated = (question: number, what: string) => {
    const gauge = answers.get(question)?.gauge;
    if (gauge) return gauge;
    left.note(`${name}: ${what} is not estimated there; set to maximum here`);
    return GREATEST;
  };
  const [title, ...impacts] = titled(list(questions.impacts), name);
  const severity = estimated(questions.severity, 'severity');
  const likelihood = estimated(questions.likelihood, 'likelihood');
  const gauges = pia.evaluations.find(({ reference_to }) => reference_to === questions.evaluation)?.gauges;
  return {
    id: '',
    title: left.fit(title, MOST_RISK_TITLE, `${name}, first impact`),
    event,
    ...defined({
      impacts: lines(impacts, 'impacts'),
      threats: lines(list(questions.threats), 'threats'),
      sources: lines(list(questions.sources), 'sources'),
      severityWhy: why(questions.severity, 'why this severity'),
      likelihoodWhy: why(questions.likelihood, 'why this likelihood'),
    }),
    severity,
    likelihood,
    measures: left.fit(measuresOfRisk(list(questions.measures), pia), SHORT_TEXT, `${name}, measures`),
    residualSeverity: gauges?.x || severity,
    residualLikelihood: gauges?.y || likelihood,
  };
}

const LEAST_TITLE = 3;

/** The first impact says what could happen; without one that says enough, the name of the event does. */
function titled(impacts: string[], name: string): [string, ...string[]] {
  const [first, ...others] = impacts;
  return first !== undefined && first.length >= LEAST_TITLE ? [first, ...others] : [name, ...impacts];
}

const optional = (text: string) => (text === '' ? undefined : text);

function defined<T extends object>(values: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}

function measuresOfRisk(titles: readonly string[], { measures }: CnilPia): string {
  return titles
    .map((title) => {
      const content = measures.find((measure) => measure.title?.trim() === title)?.content ?? '';
      return lineOf({ title, content: textOfHtml(content) });
    })
    .join('\n');
}

function noteUnusedMeasures({ measures }: CnilPia, answers: Answers, left: LeftOut): void {
  const used = new Set(
    FEARED_EVENTS.flatMap((event) => answers.get(questionsOf(event).measures)?.list ?? []).map((title) =>
      title.trim(),
    ),
  );
  left.repeats(
    measures.map(({ title }) => title?.trim() ?? '').filter((title) => title !== ''),
    (title) => `Measure “${title}” comes again: the first counts`,
  );
  for (const { title } of measures) {
    const name = title?.trim() ?? '';
    if (name !== '' && !used.has(name)) left.note(`Measure “${name}”: no risk names it`);
  }
}
