import type { FactDraft } from '@/server/streaming/fact-diff';
import type { OperatorProbe } from '@/server/streaming/operator-probe';
import type { SettlePolicy } from '@/server/streaming/ordered-buffer';
import type { OutputRecord, StreamSettings, WorkingSet } from '@/server/streaming/partition-step';
import { NEVER } from '@/server/streaming/watermarks';
import type { Visit } from './customer-state';
import { settlePolicy } from './customer-view';
import { countFact, countStep, countVisitSteps, emptyAggregates } from './metrics';
import type { RuleSet } from './rule-set';
import type { SentimentModel } from './sentiment';
import type { StepOperator } from './topology.schema';

export interface ProcessorConfig {
  workspaceId: string;
  settings: StreamSettings;
  ruleSet: RuleSet;
  sentiment: SentimentModel;
  /** follows some events from operator to operator; nothing depends on it */
  probe?: OperatorProbe<StepOperator>;
}

/** Where the changes of a customer's facts go: the partition's outputs, or a trial that only looks. */
export interface FactSink {
  /** an operator takes the event in hand over */
  enter(operator: StepOperator): void;
  fact(fact: FactDraft, sign: 1 | -1): void;
  /** a visit reached a step of the funnel */
  step(step: number, by: 1 | -1): void;
  visitSteps(visit: Visit, by: 1 | -1): void;
}

/** One call of the processor: the working set, the position in the log, and the customer in hand. */
export class StepRun implements FactSink {
  readonly config: ProcessorConfig;
  readonly policy: SettlePolicy;
  set: WorkingSet = emptyWorkingSet();
  customer = '';
  loggedAt = 0;
  /** has the record in hand; the one to name when something throws */
  operator: StepOperator = 'metrics';
  readonly #probe: OperatorProbe<StepOperator> | null;
  #followed = false;
  #position = '';
  #outputs = 0;

  constructor(config: ProcessorConfig) {
    this.config = config;
    this.#probe = config.probe ?? null;
    this.policy = settlePolicy(config.settings);
  }

  begin(set: WorkingSet, position: string, loggedAt: number): void {
    this.set = set;
    this.#position = position;
    this.loggedAt = loggedAt;
    this.#outputs = 0;
    this.operator = 'metrics';
    this.#followed = false;
  }

  /** Asks the probe whether it follows the event that comes now. */
  follow(): void {
    this.#followed = this.#probe?.wants() === true;
    if (this.#followed) this.#probe?.enter(this.operator);
  }

  enter(operator: StepOperator): void {
    this.operator = operator;
    if (this.#followed) this.#probe?.enter(operator);
  }

  /** The record is done with. */
  end(): void {
    if (this.#followed) this.#probe?.leave();
    this.#followed = false;
  }

  /** Event time up to which everything due has happened in this partition. */
  get clock(): number {
    return Math.max(this.set.clock.newest, this.set.clock.tick);
  }

  /** A position of its own for each output of the record. */
  nextPosition(): string {
    const position = `${this.#position}-${this.#outputs}`;
    this.#outputs += 1;
    return position;
  }

  output(record: OutputRecord): void {
    this.set.outputs.push(record);
  }

  fact(fact: FactDraft, sign: 1 | -1): void {
    this.factOf(this.customer, fact, sign);
  }

  factOf(customer: string, fact: FactDraft, sign: 1 | -1): void {
    const { kind, at, amount, currency, platform } = fact;
    const position = this.nextPosition();
    this.set.outputs.push({ o: 'fact', position, customer, kind, at, sign, amount, currency, platform });
    countFact(this.set.aggregates, fact, sign);
  }

  step(step: number, by: 1 | -1): void {
    countStep(this.set.aggregates, step, by);
  }

  visitSteps(visit: Visit, by: 1 | -1): void {
    countVisitSteps(this.set.aggregates, visit, by);
  }

  advance(t: number): void {
    if (t > this.set.clock.newest) this.set.clock.newest = t;
  }
}

/** A working set with nothing in it: for tests, tools and as the starting point of a runtime's own. */
export function emptyWorkingSet(partition = 0, partitions = 1, shardId = 1): WorkingSet {
  return {
    shardId,
    partition,
    partitions,
    clock: { newest: NEVER, tick: NEVER },
    states: new Map(),
    redirects: new Map(),
    consent: new Map(),
    deniedLinks: new Set(),
    queue: new Map(),
    cooldowns: new Map(),
    timers: new Map(),
    aggregates: emptyAggregates(),
    sent: new Map(),
    inbox: new Map(),
    events: 0,
    changedStates: new Set(),
    changedRedirects: new Set(),
    changedConsent: new Set(),
    changedQueue: new Set(),
    changedCooldowns: new Set(),
    changedTimers: new Set(),
    outputs: [],
    outbox: [],
  };
}

/** Whether profiling, and with it everything, is denied. */
export function isOptedOut(denied: readonly string[] | undefined): boolean {
  return denied?.includes('profiling') === true;
}

export function deniedOf(set: WorkingSet, customer: string): readonly string[] {
  return set.consent.get(customer)?.denied ?? [];
}
