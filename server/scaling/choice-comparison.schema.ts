import type { ChoiceOption } from './choice-option.schema';
import { OPTIONS } from './choice-options.schema';
import type { AssumptionKey, Assumptions, ChoiceAnswers, Subject } from './choice-terms.schema';
import { ASSUMPTIONS_OF } from './choice-terms.schema';

export interface Verdict {
  option: ChoiceOption;
  remains: boolean;
  /** why not, or – when it remains – what it would take */
  because: string[];
}

const SECONDS_PER_DAY = 86_400;
const BYTES_PER_GB = 1e9;
/** Over a day the mean rate is a fraction of the peak: an assumption of ours, told with every figure made of it. */
const MEAN_OF_PEAK = 0.3;

/** Which options remain after the answers, and why the others do not. Pure: the same answers, the same verdicts. */
export function compareOptions(subject: Subject, answers: ChoiceAnswers): Verdict[] {
  return OPTIONS.filter((option) => option.subject === subject).map((option) => {
    const objections = [...objectionsToAny(option, answers), ...OBJECTIONS[subject](option, answers)];
    const remains = objections.length === 0;
    return { option, remains, because: remains ? demandsOf(option, answers) : objections };
  });
}

/** What a record of this choice assumes unless the person says otherwise. */
export function assumptionsOf(subject: Subject, answers: ChoiceAnswers): Assumptions {
  const pairs = ASSUMPTIONS_OF[subject].map((key): [AssumptionKey, number] => [key, answers[key]]);
  return Object.fromEntries(pairs);
}

/** GB that the log holds when it keeps everything for the retention: mean rate × size × time. */
export function logSizeGb({ peakEventsPerSecond, eventBytes, retentionDays }: ChoiceAnswers): number {
  const bytes = peakEventsPerSecond * MEAN_OF_PEAK * eventBytes * retentionDays * SECONDS_PER_DAY;
  return bytes / BYTES_PER_GB;
}

/** Units of order (partitions, shards) that carry the peak: the greater of what its events and its bytes ask. */
function unitsFor({ limits }: ChoiceOption, { peakEventsPerSecond, eventBytes }: ChoiceAnswers): number {
  if (!limits.perUnit) return 1;
  const byEvents = peakEventsPerSecond / limits.perUnit.eventsPerSecond;
  const byBytes = (peakEventsPerSecond * eventBytes) / limits.perUnit.bytesPerSecond;
  return Math.max(1, Math.ceil(Math.max(byEvents, byBytes)));
}

function objectionsToAny({ limits, name }: ChoiceOption, answers: ChoiceAnswers): string[] {
  const found: string[] = [];
  if (answers.residency === 'own' && !limits.ownMachines) {
    found.push(`${name} does not run on machines of your own.`);
  }
  const nobodyRuns = answers.people === 'nobody' && limits.ownServers;
  if (nobodyRuns && (!limits.managed || answers.residency === 'own')) {
    found.push('Its servers would be yours to run, and nobody is there to run them.');
  }
  return found;
}

const OBJECTIONS: Record<Subject, (option: ChoiceOption, answers: ChoiceAnswers) => string[]> = {
  log: objectionsToLog,
  engine: objectionsToEngine,
};

function objectionsToLog(option: ChoiceOption, answers: ChoiceAnswers): string[] {
  const { limits } = option;
  const found: string[] = [];
  if (limits.eventsPerSecond !== undefined && answers.peakEventsPerSecond > limits.eventsPerSecond) {
    found.push(
      `One machine takes about ${count(limits.eventsPerSecond)} events/s; ${count(answers.peakEventsPerSecond)} are asked.`,
    );
  }
  if (answers.ordering === 'total' && unitsFor(option, answers) > 1) {
    found.push(
      `Total order leaves one shard, which takes ${count(limits.perUnit?.eventsPerSecond ?? 0)} events/s.`,
    );
  }
  if (limits.retentionDays !== undefined && answers.retentionDays > limits.retentionDays) {
    found.push(`It keeps ${limits.retentionDays} days at most; ${answers.retentionDays} are asked.`);
  }
  if (limits.memoryGb !== undefined && logSizeGb(answers) > limits.memoryGb) {
    found.push(
      `${count(logSizeGb(answers))} GB would have to fit into memory; ${limits.memoryGb} GB are reckoned with (mean rate 30 % of the peak).`,
    );
  }
  return found;
}

function objectionsToEngine({ limits }: ChoiceOption, answers: ChoiceAnswers): string[] {
  const found: string[] = [];
  if (answers.guarantee === 'once' && limits.exactlyOnce !== true) {
    found.push('An event may change the state twice after a failure.');
  }
  if (limits.stateGb !== undefined && answers.stateGb > limits.stateGb) {
    found.push(
      `Its state lives in memory: ${limits.stateGb} GB are reckoned with, ${answers.stateGb} asked.`,
    );
  }
  if (limits.freshnessSeconds !== undefined && answers.freshnessSeconds < limits.freshnessSeconds) {
    found.push(`Results come after about ${limits.freshnessSeconds} s at best.`);
  }
  if (answers.lateKept && limits.lateKept !== true) {
    found.push('It drops what comes later than allowed; there is no output for it.');
  }
  return found;
}

/** What a remaining option would take, in figures made from the answers. */
function demandsOf(option: ChoiceOption, answers: ChoiceAnswers): string[] {
  const { limits, subject } = option;
  const found: string[] = [];
  if (limits.perUnit) found.push(`${count(unitsFor(option, answers))} shards carry the peak.`);
  if (subject === 'log') {
    const where = limits.memoryGb === undefined ? 'on disk' : 'in memory';
    found.push(`About ${count(logSizeGb(answers))} GB ${where} for ${answers.retentionDays} days, one copy.`);
  } else if (limits.stateGb !== undefined) {
    found.push(`${answers.stateGb} of ${limits.stateGb} GB that memory is reckoned to hold.`);
  } else found.push('State on local disks, with copies at each checkpoint.');
  if (limits.ownServers) found.push('Servers of its own, run or rented.');
  return found;
}

const count = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
