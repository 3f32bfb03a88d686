import type { BundleFile } from './bundle';

const BLOCK = 512;
const MODE = 0o600;

/** The files as a POSIX tar archive (ustar). Paths must be shorter than 100 bytes. */
export function tarOf(files: readonly BundleFile[], folder: string, madeAt: Date): Buffer {
  const parts = files.flatMap(({ path, text }) => {
    const content = Buffer.from(text);
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [headerOf(`${folder}/${path}`, content.length, madeAt), content, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function headerOf(name: string, bytes: number, madeAt: Date): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  if (Buffer.byteLength(name) >= 100) throw new RangeError(`"${name}" is too long for the archive.`);
  header.write(name, 0, 'utf8');
  octal(MODE, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes, 124, 12);
  octal(Math.floor(madeAt.getTime() / 1_000), 136, 12);
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  // The sum is made with spaces where it will stand.
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
