/** A measure as the CNIL's PIA software keeps it. */
export interface Measure {
  title: string;
  content: string;
}

const MOST_TITLE = 120;
const SEPARATOR = ': ';

/** Measures of a text with one a line; what stands before a colon is the title. */
export function measuresOf(text: string): Measure[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const at = line.indexOf(SEPARATOR);
      if (at < 1 || at > MOST_TITLE) return { title: line, content: '' };
      return { title: line.slice(0, at), content: line.slice(at + SEPARATOR.length) };
    });
}

/** The line that `measuresOf` reads a measure from. */
export function lineOf({ title, content }: Measure): string {
  const said = content.replace(/\s*\n\s*/g, ' ').trim();
  return said === '' ? title : `${title}${SEPARATOR}${said}`;
}

/**
 * The measures of several texts, each title once: risks name their measures by title. One whose title another has with
 * other words is told whole by its title.
 */
export function distinctMeasures(texts: readonly string[]): { all: Measure[]; ofText: string[][] } {
  const byTitle = new Map<string, Measure>();
  const ofText = texts.map((text) =>
    measuresOf(text).map((measure) => {
      const known = byTitle.get(measure.title);
      const kept =
        known === undefined || known.content === measure.content
          ? measure
          : { title: lineOf(measure), content: '' };
      byTitle.set(kept.title, kept);
      return kept.title;
    }),
  );
  return { all: [...byTitle.values()], ofText };
}
