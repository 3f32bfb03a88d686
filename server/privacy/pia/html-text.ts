/** Texts of the CNIL's PIA software are HTML of its editor; ours are plain. */

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\t': '&#9;',
  '\r': '&#13;',
};

/** Plain text as HTML that shows the same, blanks and lines included. */
export function htmlOf(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/[&<>\t\r]/g, (found) => ESCAPES[found] ?? found)
        // HTML drops blanks at the ends of a line and all but one in between.
        .replace(/^ +| {2,}| +$/g, (blanks) => '&nbsp;'.repeat(blanks.length)),
    )
    .join('<br />');
}

/** Stands for the end of a block while tags are taken out: a line's end, unless one is there already. */
const BLOCK_END = '\uE000';
const BLOCKS = 'p|div|ul|ol|li|h[1-6]|table|tr|blockquote|pre|section';

/** What an HTML text says: one line a block, a dash before each item of a list, no tags. */
export function textOfHtml(html: string): string {
  return decoded(
    html
      .replaceAll(BLOCK_END, '')
      .replace(/[ \t\r\n\f]+/g, ' ')
      .replace(/<!--.*?-->/g, '')
      .replace(/<br ?\/?>/gi, '\n')
      .replace(/<li\b[^>]*>/gi, `${BLOCK_END}- `)
      .replace(new RegExp(`</?(?:${BLOCKS})\\b[^>]*>`, 'gi'), BLOCK_END)
      .replace(/<\/?[a-z][^>]*>/gi, '')
      .replace(/ *(?:\uE000[\uE000 ]*)+/g, BLOCK_END)
      .replace(/\uE000?\n *\uE000?/g, '\n')
      .replaceAll(BLOCK_END, '\n')
      .replace(/ +\n/g, '\n'),
  ).trim();
}

const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  rsquo: '’',
  lsquo: '‘',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  bull: '•',
  euro: '€',
  deg: '°',
  agrave: 'à',
  acirc: 'â',
  auml: 'ä',
  ccedil: 'ç',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  euml: 'ë',
  icirc: 'î',
  iuml: 'ï',
  ocirc: 'ô',
  ouml: 'ö',
  oelig: 'œ',
  ugrave: 'ù',
  ucirc: 'û',
  uuml: 'ü',
  szlig: 'ß',
};

/** Entities as the characters they name; one that is not known stays as it is written. */
function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? NAMED[name.toLowerCase()] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const isCharacter = point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    return isCharacter ? String.fromCodePoint(point) : whole;
  });
}
