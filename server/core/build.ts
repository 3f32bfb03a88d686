/** What a process was made from. */
export interface Build {
  /** of the package */
  version: string;
  /** of the source, twelve hexadecimal digits */
  id: string;
}

/** A build in one word, as people compare it. */
export function buildName({ version, id }: Build): string {
  return `${version}+${id}`;
}
