import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@/server/core/durations';

/**
 * A text literal. Line breaks become spaces: a name is no place for them. A backslash, which some readers take for an escape
 * and others do not, is told by its number.
 */
export function sqlText(text: string): string {
  const quoted = text.replaceAll(/[\r\n]+/g, ' ').replaceAll("'", "''");
  return quoted.includes('\\') ? `U&'${quoted.replaceAll('\\', '\\005C')}'` : `'${quoted}'`;
}

/** A quoted identifier. */
export function sqlName(name: string): string {
  return `\`${name.replaceAll(/[\r\n]+/g, ' ').replaceAll('`', '``')}\``;
}

/** One line of comment. Readers that cut a script at semicolons do so in comments as well. */
export function sqlComment(text: string): string {
  return `-- ${text.replaceAll(/[\r\n;]+/g, ' ')}`;
}

export function sqlList(texts: readonly string[]): string {
  return texts.map(sqlText).join(', ');
}

const UNITS = [
  [DAY_MS, 'DAY'],
  [HOUR_MS, 'HOUR'],
  [MINUTE_MS, 'MINUTE'],
  [SECOND_MS, 'SECOND'],
] as const;

/**
 * An interval literal in the greatest unit that says it in whole numbers of at most two digits, which is the precision a
 * unit has by itself; else with as many digits as it needs. Less than a second is told in fractions.
 */
export function sqlInterval(ms: number): string {
  if (ms === 0) return "INTERVAL '0' SECOND";
  for (const [unitMs, unit] of UNITS) {
    if (ms >= unitMs && ms % unitMs === 0 && ms / unitMs < 100) return `INTERVAL '${ms / unitMs}' ${unit}`;
  }
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const seconds = ((rest % MINUTE_MS) / SECOND_MS).toFixed(3).padStart(6, '0');
  const time = `${two(rest / HOUR_MS)}:${two((rest % HOUR_MS) / MINUTE_MS)}:${seconds}`;
  return `INTERVAL '${days} ${time}' DAY TO SECOND`;
}
