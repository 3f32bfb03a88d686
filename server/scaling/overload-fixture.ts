import { LagAdmission } from './lag-admission';

const START = 1_700_000_000_000;

/** What passed in one second of an overload. */
export interface Passed {
  offered: number;
  admitted: number;
  processed: number;
  backlog: number;
  limit: number | null;
}

/** A shard second by second: so much is offered, what the limit lets in waits, and so much of it can be processed. */
export class Overload {
  readonly admission: LagAdmission;
  readonly course: Passed[] = [];
  #at = START;
  #appended = 0;
  #processed = 0;

  constructor(readonly behindSeconds: number) {
    this.admission = new LagAdmission(behindSeconds);
    this.#read(false);
  }

  get backlog(): number {
    return this.#appended - this.#processed;
  }

  /** Seconds in which that much is offered and that much can be processed. @returns them */
  pass(seconds: number, offered: number, capacity: number): Passed[] {
    return Array.from({ length: seconds }, () => this.second(offered, capacity));
  }

  second(wanted: number, capacity: number): Passed {
    const { limit } = this.admission;
    const offered = Math.round(wanted);
    const admitted = Math.round(Math.min(offered, limit ?? offered));
    this.#appended += admitted;
    const processed = Math.round(Math.min(this.backlog, capacity));
    this.#processed += processed;
    this.#at += 1_000;
    this.#read(admitted < offered);
    const passed = { offered, admitted, processed, backlog: this.backlog, limit };
    this.course.push(passed);
    return passed;
  }

  #read(hasRefused: boolean): void {
    const counts = { at: this.#at, appended: this.#appended, processed: this.#processed };
    this.admission.observe(counts, hasRefused);
  }
}

export const hasRefused = ({ offered, admitted }: Passed): boolean => admitted < offered;
