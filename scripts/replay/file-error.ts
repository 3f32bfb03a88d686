/** A file that cannot be read to its end; its message is for whoever named the file. */
export class FileError extends Error {
  constructor(file: string, cause: unknown) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    super(`${file} ${reasonOf(code, message)}.`, { cause });
    this.name = 'FileError';
  }
}

function reasonOf(code: string, message: string): string {
  if (code === 'Z_BUF_ERROR') return 'is damaged: it ends too early';
  if (message === 'incorrect header check') return 'is damaged: it is no gzip, as its name says';
  if (code.startsWith('Z_')) return `is damaged: it cannot be unpacked (${message})`;
  return `cannot be read: ${code === 'EISDIR' ? 'it is a folder' : message}`;
}
