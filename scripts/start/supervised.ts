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
  /** Number of ends in a row, each soon after its start, at which it is given up; not while `diagnose` names a cause. */
  readonly giveUpAfter: number;
}

const SOON_MS = 10_000;
const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 5_000;

/** Keeps one thing running: started again when it ends, slower each time it ends soon, until it is stopped. */
export class Supervised<T extends Runs> {
  private current: T | undefined;
  private starting: Promise<T> | undefined;
  private readonly stopping = new AbortController();
  private quickEnds = 0;
  private lastFailure = '';

  constructor(private readonly options: SupervisedOptions<T>) {}

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
      this.quickEnds = Date.now() - since < SOON_MS ? this.quickEnds + 1 : 1;
      await this.relaunch();
    }
  }

  private async relaunch(): Promise<void> {
    const { name, say, diagnose, giveUpAfter, onGiveUp } = this.options;
    for (;;) {
      const why = diagnose?.();
      if (this.quickEnds >= giveUpAfter && !why) {
        this.stopping.abort();
        onGiveUp(`${name} ended ${this.quickEnds} times in a row soon after its start${this.lastFailure}`);
        return;
      }
      const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.quickEnds - 1));
      say(`${name} ended${why ? ` (${why})` : ''}; starting it again.`);
      await pause(backoffMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.isStopped) return;
      try {
        const running = await this.launch();
        if (this.isStopped) await running.stop();
        else say(`${name} runs again.`);
        return;
      } catch (error) {
        this.quickEnds += 1;
        this.lastFailure = error instanceof Error ? `: ${error.message}` : '';
      }
    }
  }
}
