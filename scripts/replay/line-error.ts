/** A line of a file that cannot be read; its message is for whoever named the file. */
export class LineError extends Error {
  constructor(lineNumber: number, what: string) {
    super(`Line ${lineNumber} ${what}`);
    this.name = 'LineError';
  }
}
