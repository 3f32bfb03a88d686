/**
 * Lets a first call through at once and gathers the ones that follow within `everyMs` into one at its end: a screen is
 * told at once, and at most every `everyMs`.
 */
export class Coalescer {
  #everyMs: number;
  #run: () => void;
  #timer: NodeJS.Timeout | undefined;
  #wanted = false;

  constructor(everyMs: number, run: () => void) {
    this.#everyMs = everyMs;
    this.#run = run;
  }

  /** Asks for a run. */
  poke(): void {
    if (this.#timer !== undefined) {
      this.#wanted = true;
      return;
    }
    this.#run();
    this.#timer = setTimeout(() => this.#due(), this.#everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wanted = false;
  }

  #due(): void {
    this.#timer = undefined;
    if (!this.#wanted) return;
    this.#wanted = false;
    this.poke();
  }
}
