/** A line of a file that cannot be read; its message is for whoever named the file. */
export class LineError extends Error {
  /** @param mark what stands between the line and what is wrong with it */
  constructor(lineNumber: number, what: string, mark = '') {
    super(`Line ${lineNumber}${mark} ${what}`);
    this.name = 'LineError';
  }
}
