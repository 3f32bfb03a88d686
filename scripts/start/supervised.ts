import { setTimeout as pause } from 'node:timers/promises';

/** Something that runs until it ends: a database server or a process of ours. */
export interface Runs {
  readonly pid: number | undefined;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface SupervisedOptions<T extends Runs> {
  readonly name: string;
  /** @param stopping aborted when it is no longer wanted: then starting fails, and leaves nothing */
  readonly start: (stopping: AbortSignal) => Promise<T>;
  readonly onStarted: (running: T) => void;
  readonly say: (line: string) => void;
  /** Why it may have ended, in a few words, e.g. that the disk is full. */
  readonly diagnose?: () => string;
  /** Told when it cannot be kept running. */
  readonly onGiveUp: (reason: string) => void;
  /**
   * Number of starts in a row that come to nothing at which it is given up, and with much more patience, of ends soon after a
   * start that went well; not while `diagnose` names a cause.
   */
  readonly giveUpAfter: number;
  readonly pace?: Pace;
}

/** All in milliseconds. */
export interface Pace {
  /** what ends earlier after it came up ended soon */
  readonly soon: number;
  readonly firstBackoff: number;
  readonly maxBackoff: number;
}

const PACE: Pace = { soon: 10_000, firstBackoff: 200, maxBackoff: 5_000 };
/**
 * What comes up each time is rather killed from outside than broken, and is worth more tries: so many times as many quick
 * ends are taken as starts that fail. At the longest pause between two tries that is about two minutes.
 */
const PATIENCE = 4;

/** Keeps one thing running: started again when it ends, slower each time it ends soon, until it is stopped. */
export class Supervised<T extends Runs> {
  private current: T | undefined;
  private starting: Promise<T> | undefined;
  private readonly stopping = new AbortController();
  private quickEnds = 0;
  private failedStarts = 0;
  private lastFailure = '';

  private readonly pace: Pace;

  constructor(private readonly options: SupervisedOptions<T>) {
    this.pace = options.pace ?? PACE;
  }

  get name(): string {
    return this.options.name;
  }

  /** Starts it for the first time; a failure here is the caller's to tell. */
  async start(): Promise<T> {
    const running = await this.launch();
    void this.watch();
    return running;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.starting?.catch(() => undefined);
    await this.current?.stop();
  }

  private async launch(): Promise<T> {
    this.starting = this.options.start(this.stopping.signal);
    try {
      this.current = await this.starting;
      this.options.onStarted(this.current);
      return this.current;
    } finally {
      this.starting = undefined;
    }
  }

  private get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async watch(): Promise<void> {
    while (!this.isStopped) {
      const since = Date.now();
      await this.current?.exited;
      if (this.isStopped) return;
      this.quickEnds = Date.now() - since < this.pace.soon ? this.quickEnds + 1 : 1;
      await this.relaunch();
    }
  }

  /** @returns why it is given up, if it is */
  private whyGivenUp(): string | undefined {
    const { name, giveUpAfter } = this.options;
    if (this.failedStarts >= giveUpAfter)
      return `${name} could not be started ${this.failedStarts} times in a row${this.lastFailure}`;
    if (this.quickEnds >= giveUpAfter * PATIENCE)
      return `${name} ended ${this.quickEnds} times in a row soon after its start`;
    return undefined;
  }

  private async relaunch(): Promise<void> {
    const { name, say, diagnose, onGiveUp } = this.options;
    for (;;) {
      const why = diagnose?.();
      const givenUp = why ? undefined : this.whyGivenUp();
      if (givenUp) {
        this.stopping.abort();
        onGiveUp(givenUp);
        return;
      }
      const tries = this.quickEnds + this.failedStarts;
      const backoffMs = Math.min(this.pace.maxBackoff, this.pace.firstBackoff * 2 ** (tries - 1));
      say(`${name} ended${why ? ` (${why})` : ''}; starting it again.`);
      await pause(backoffMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.isStopped) return;
      try {
        const running = await this.launch();
        this.failedStarts = 0;
        if (this.isStopped) await running.stop();
        else say(`${name} runs again.`);
        return;
      } catch (error) {
        this.failedStarts += 1;
        this.lastFailure = error instanceof Error ? `: ${error.message}` : '';
      }
    }
  }
}
