import type { SentFigures } from './sender';

const WIDTH = 30;
const LINE_EVERY_MS = 2_000;

/** Progress on one line of a terminal; elsewhere a line every other second. Goes to standard error. */
export class ProgressBar {
  readonly #total: number;
  #lastLine = 0;
  #note = '';

  /** @param total events to come; 0 when there is no end */
  constructor(total: number) {
    this.#total = total;
  }

  note(reason: string): void {
    this.#note = ` (${reason}, trying again)`;
  }

  show(sent: number, figures: SentFigures): void {
    const counts = `${figures.accepted} taken${figures.refused > 0 ? `, ${figures.refused} refused` : ''}`;
    const text = this.#total === 0 ? counts : `${this.#bar(sent)} ${counts} of ${this.#total}`;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}${this.#note}`);
    else if (Date.now() - this.#lastLine > LINE_EVERY_MS) {
      process.stderr.write(`${text}${this.#note}\n`);
      this.#lastLine = Date.now();
    }
    this.#note = '';
  }

  end(figures: SentFigures, tookMs: number): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
    const seconds = Math.max(0.001, tookMs / 1_000);
    const rate = Math.round(figures.accepted / seconds);
    console.log(
      `${figures.accepted} taken, ${figures.refused} refused in ${seconds.toFixed(1)} s (${rate}/s), ${figures.retried} retries`,
    );
    if (figures.firstRefusal) console.log(`First refusal: ${figures.firstRefusal}`);
  }

  #bar(sent: number): string {
    const filled = Math.round((WIDTH * sent) / this.#total);
    return `[${'='.repeat(filled)}${' '.repeat(WIDTH - filled)}]`;
  }
}
