/**
 * How values read, in the viewer's locale. A value that is unknown never becomes a number here: callers show a dash
 * with its reason.
 */

/** What rounds to nothing has no sign. */
const signDisplay = 'negative';
const compact = kept(
  () => new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3, notation: 'compact', signDisplay }),
);
const whole = kept(() => new Intl.NumberFormat(undefined, { maximumFractionDigits: 0, signDisplay }));
const byDigits = perDigits((digits) => ({ maximumFractionDigits: digits, signDisplay }));
const fixed = perDigits((digits) => ({
  minimumFractionDigits: digits,
  maximumFractionDigits: digits,
  signDisplay,
}));
const changes = perDigits((digits) => ({
  minimumFractionDigits: digits,
  maximumFractionDigits: digits,
  signDisplay: 'exceptZero',
}));
/** An amount of which no currency is known: to the cent, but for what is finer. */
const plain = kept(
  () => new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 4, signDisplay }),
);
/** The form of a code of ISO 4217; senders may name other currencies, such as points. */
const ISO_CODE = /^[A-Z]{3}$/;
const zone = kept(() => new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' }));
const clock = kept(
  () => new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
);
const day = kept(() => new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' }));
const full = kept(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' }));
const currencies = new Map<string, Intl.NumberFormat>();

/**
 * A formatter, made when it is first wanted: making one costs far more than using it. Figures are formatted at every push,
 * so it is kept; a page uses few of them, so none is made while the page's code is only being loaded.
 */
function kept<Formatter>(make: () => Formatter): () => Formatter {
  let made: Formatter | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Formatters for none to three decimals. */
function perDigits(options: (digits: number) => Intl.NumberFormatOptions): (() => Intl.NumberFormat)[] {
  return [0, 1, 2, 3].map((digits) => kept(() => new Intl.NumberFormat(undefined, options(digits))));
}

/** Every number of a screen comes through here: its minus is that of print, where most locales would write a hyphen. */
function print(format: Intl.NumberFormat, value: number): string {
  const text = format.format(value);
  return value < 0 ? text.replace('-', '−') : text;
}

/** A number at the precision a person can use: 0.042, 4.21, 42.1, 421, 4,210, 42.1K, 4.21M. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 100_000) return print(compact(), value);
  if (size >= 100 || Number.isInteger(value)) return formatWhole(value);
  const digits = size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return print((byDigits[digits] ?? whole)(), value);
}

/** Every digit of a whole number: 4,210,333. */
export function formatWhole(value: number): string {
  return print(whole(), value);
}

/** With so many decimals, none to three, whatever they are: 0.50. */
export function formatFixed(value: number, digits: number): string {
  return print((fixed[digits] ?? whole)(), value);
}

/** A change or a score around 0, with its sign and so many decimals, none to three: +0.5, −12.0. What rounds to nothing has no sign. */
export function formatChange(value: number, digits: number): string {
  return print((changes[digits] ?? whole)(), value);
}

/** A count with its noun: "1 request", "1,204 requests", "1 entry", "3 entries". */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatWhole(count)} ${count === 1 ? one : many}`;
}

/** A ratio 0…1 as a percentage without its sign. */
export function formatPercent(ratio: number): string {
  return formatNumber(Math.round(ratio * 1_000) / 10);
}

/**
 * Money from exact decimal text. Only the screen's copy is rounded.
 * @param currency as the event or the workspace named it; absent or empty where nobody did
 */
export function formatMoney(amount: string, currency?: string): string {
  if (!currency) return print(plain(), Number(amount));
  if (!ISO_CODE.test(currency)) return `${print(plain(), Number(amount))} ${currency}`;
  let format = currencies.get(currency);
  if (!format) {
    format = new Intl.NumberFormat(undefined, {
      style: 'currency',
      currency,
      maximumFractionDigits: 2,
      signDisplay,
    });
    currencies.set(currency, format);
  }
  return print(format, Number(amount));
}

/** A span in milliseconds as people say it: "0.4 s", "12 s", "3 m 20 s", "2 h 5 m", "3 d 4 h". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 10) return `${formatNumber(Math.floor(seconds * 10) / 10)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const pair = (major: number, a: string, minor: number, b: string) =>
    minor > 0 ? `${major} ${a} ${minor} ${b}` : `${major} ${a}`;
  const whole = Math.floor(seconds);
  if (whole < 3_600) return pair(Math.floor(whole / 60), 'm', whole % 60, 's');
  if (whole < 86_400) return pair(Math.floor(whole / 3_600), 'h', Math.floor((whole % 3_600) / 60), 'm');
  return pair(Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3_600), 'h');
}

const WHOLE_SPANS: Record<number, string> = { 60000: 'minute', 3600000: 'hour', 86400000: 'day' };

/** The span that ends now, as people say it: "last hour", "last day", "last 5 m". */
export function formatLast(ms: number): string {
  return `last ${WHOLE_SPANS[ms] ?? formatDuration(ms)}`;
}

/** An age as a single unit, for the corner of a figure: "now", "4 s", "3 m", "2 h", "5 d". */
export function formatAge(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The viewer's zone by its short name, shown beside every clock time. */
export function zoneName(at: number = Date.now()): string {
  return (
    zone()
      .formatToParts(at)
      .find((part) => part.type === 'timeZoneName')?.value ?? 'UTC'
  );
}

/** Clock time with its zone; the date only when it is not today. */
export function formatTime(at: number, now: number = Date.now()): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  const time = clock().format(at);
  if (sameDay) return `${time} ${zoneName(at)}`;
  const date = day().format(at);
  return `${date}, ${time} ${zoneName(at)}`;
}

/** Full date and time with its zone, for titles of relative times. */
export function formatDateTime(at: number): string {
  return full().format(at);
}
