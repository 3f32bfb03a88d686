/** Lines of what is not taken over, at most; the others are counted. */
const MOST_LINES = 200;

/** Collects in words what an import leaves out. */
export class LeftOut {
  readonly #noted: string[] = [];

  get lines(): string[] {
    const more = this.#noted.length - MOST_LINES;
    return more > 0 ? [...this.#noted.slice(0, MOST_LINES), `and ${more} more`] : [...this.#noted];
  }

  note(line: string): void {
    this.#noted.push(line.slice(0, 300));
  }

  /** A text that fits; what is cut off is noted. */
  fit(text: string, most: number, field: string): string {
    if (text.length <= most) return text;
    this.note(`${field}: cut after ${most} of ${text.length} characters`);
    return text.slice(0, most).toWellFormed().trim();
  }

  /** Notes each name that comes again: the first of them, or the last, is all that is read. */
  repeats(names: readonly string[], words: (name: string) => string): void {
    const again = names.filter((name, place) => names.indexOf(name) !== place);
    for (const name of new Set(again)) this.note(words(name));
  }
}
