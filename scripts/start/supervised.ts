import { setTimeout as pause } from 'node:timers/promises';

/** Something that runs until it ends: a database server or a process of ours. */
export interface Runs {
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface SupervisedOptions<T extends Runs> {
  readonly name: string;
  readonly start: () => Promise<T>;
  readonly say: (line: string) => void;
  /** Why it may have ended, in a few words, e.g. that the disk is full. */
  readonly diagnose?: () => string;
  /** Told when it cannot be kept running; never called when `giveUpAfter` is null. */
  readonly onGiveUp: (reason: string) => void;
  /** Number of ends in a row, each soon after its start, at which it is given up; null: never. */
  readonly giveUpAfter: number | null;
}

const SOON_MS = 10_000;
const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 5_000;

/** Keeps one thing running: started again when it ends, slower each time it ends soon, until it is stopped. */
export class Supervised<T extends Runs> {
  private current: T | undefined;
  private starting: Promise<T> | undefined;
  private stopped = false;
  private readonly waiting = new AbortController();
  private quickEnds = 0;

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
    this.stopped = true;
    this.waiting.abort();
    await this.starting?.catch(() => undefined);
    await this.current?.stop();
  }

  private async launch(): Promise<T> {
    this.starting = this.options.start();
    try {
      this.current = await this.starting;
      return this.current;
    } finally {
      this.starting = undefined;
    }
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      const since = Date.now();
      await this.current?.exited;
      if (this.stopped) return;
      this.quickEnds = Date.now() - since < SOON_MS ? this.quickEnds + 1 : 1;
      await this.relaunch();
    }
  }

  private async relaunch(): Promise<void> {
    const { name, say, diagnose, giveUpAfter, onGiveUp } = this.options;
    for (;;) {
      const why = diagnose?.();
      if (giveUpAfter !== null && this.quickEnds >= giveUpAfter) {
        this.stopped = true;
        onGiveUp(
          `${name} ended ${this.quickEnds} times in a row soon after its start${why ? `: ${why}` : ''}`,
        );
        return;
      }
      const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.quickEnds - 1));
      say(`${name} ended${why ? ` (${why})` : ''}; starting it again.`);
      await pause(backoffMs, undefined, { signal: this.waiting.signal }).catch(() => undefined);
      if (this.stopped) return;
      try {
        const running = await this.launch();
        if (this.stopped) await running.stop();
        else say(`${name} runs again.`);
        return;
      } catch {
        this.quickEnds += 1;
      }
    }
  }
}
