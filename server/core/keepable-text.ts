/** Text that the stores keep as it is. */
export function isKeepable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

export const UNKEEPABLE = 'May hold no NUL and no half of a character';
