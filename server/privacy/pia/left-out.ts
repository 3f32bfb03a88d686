/** Lines of what is not taken over, at most. */
const MOST_LINES = 200;

/** Collects in words what an import leaves out. */
export class LeftOut {
  readonly lines: string[] = [];

  note(line: string): void {
    if (this.lines.length < MOST_LINES) this.lines.push(line.slice(0, 300));
  }

  /** A text that fits; what is cut off is noted. */
  fit(text: string, most: number, field: string): string {
    if (text.length <= most) return text;
    this.note(`${field}: cut after ${most} of ${text.length} characters`);
    return text.slice(0, most).toWellFormed().trim();
  }
}
