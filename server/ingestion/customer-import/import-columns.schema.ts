/** What a column of a file of customers is taken for. */
export const COLUMN_USES = ['userId', 'anonymousId', 'trait', 'leaveOut'] as const;
export type ColumnUse = (typeof COLUMN_USES)[number];

export interface ImportColumn {
  /** as in the file's first line */
  title: string;
  use: ColumnUse;
  /** name of the trait; of no meaning for other uses */
  trait: string;
}

/** Bytes of a file. */
export const MOST_FILE_BYTES = 50_000_000;
/** Rows, and characters of them, that are sent at once. */
export const MOST_ROWS_AT_ONCE = 500;
export const MOST_CHARACTERS_AT_ONCE = 120_000;
/** A customer's state holds no more. */
export const MOST_TRAITS = 20;
export const MOST_COLUMNS = 200;

const USER_ID = /^(user_?id|customer_?(id|key|no|number)?|id|client_?id|member_?id)$/;
const ANONYMOUS_ID = /^(anonymous|anon|device|visitor|cookie)_?id$/;

/** A first guess of what each column is, for somebody to look over: one user id at most, the first traits. */
export function guessColumns(titles: readonly string[]): ImportColumn[] {
  const plain = titles.map((title) =>
    title
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  );
  const user = plain.findIndex((title) => USER_ID.test(title));
  const anonymous = plain.findIndex((title) => ANONYMOUS_ID.test(title));
  let traits = 0;
  return titles.map((title, place) => {
    const trait = traitName(title);
    if (place === user) return { title, use: 'userId', trait };
    if (place === anonymous) return { title, use: 'anonymousId', trait };
    traits += 1;
    return { title, use: trait !== '' && traits <= MOST_TRAITS ? 'trait' : 'leaveOut', trait };
  });
}

/** `First name` is `firstName`, as Segment's reserved traits are written. */
function traitName(title: string): string {
  const [first = '', ...others] = title
    .trim()
    .split(/[\s_.-]+/)
    .filter(Boolean);
  const begin = /^[A-Z\d]+$/.test(first)
    ? first.toLowerCase()
    : first.slice(0, 1).toLowerCase() + first.slice(1);
  return begin + others.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join('');
}

/** Why these columns cannot be imported; null when they can. */
export function columnsProblem(columns: readonly ImportColumn[]): string | null {
  const used = (use: ColumnUse) => columns.filter((column) => column.use === use);
  if (used('userId').length !== 1) return 'Say which one column holds the user id.';
  if (used('anonymousId').length > 1) return 'Only one column can hold the anonymous id.';
  const traits = used('trait').map(({ trait }) => trait);
  if (traits.includes('')) return 'Give every trait a name.';
  if (traits.length > MOST_TRAITS) return `A customer has ${MOST_TRAITS} traits at most; leave some out.`;
  const twice = traits.find((name, place) => traits.indexOf(name) < place);
  return twice === undefined ? null : `Two columns are the trait ${twice}.`;
}
