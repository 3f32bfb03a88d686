/**
 * Some texts of an assessment answer several questions at once, of which the CNIL's PIA software asks each by itself. The
 * answers stand below one another under headings; the first, without one, answers the question the text is mainly for.
 */
export type TextName = 'processing' | 'necessity' | 'rights';

interface Part {
  /** number of the question in the CNIL's PIA software */
  question: number;
  heading: string;
}

/** The questions of each text, the main one first. */
export const TEXT_PARTS: Record<TextName, readonly [Part, ...Part[]]> = {
  processing: [
    { question: 121, heading: 'Data' },
    { question: 122, heading: 'Life cycle' },
    { question: 123, heading: 'Where the data is kept' },
    { question: 112, heading: 'Who is responsible' },
    { question: 113, heading: 'Standards that apply' },
  ],
  necessity: [
    { question: 213, heading: 'Necessity' },
    { question: 211, heading: 'Purposes' },
    { question: 212, heading: 'Legal basis' },
    { question: 214, heading: 'Accuracy' },
  ],
  rights: [
    { question: 223, heading: 'Access and portability' },
    { question: 221, heading: 'Information' },
    { question: 222, heading: 'Consent' },
    { question: 224, heading: 'Rectification and erasure' },
    { question: 225, heading: 'Restriction and objection' },
    { question: 226, heading: 'Processors' },
    { question: 227, heading: 'Transfers' },
  ],
};

const headingLine = (heading: string) => `## ${heading}`;

/** The answers in a text, by question; the empty ones are left out. */
export function splitText(name: TextName, text: string): Map<number, string> {
  const [main, ...others] = TEXT_PARTS[name];
  const byLine = new Map(others.map(({ heading, question }) => [headingLine(heading), question]));
  const found = new Map<number, string[]>();
  let question = main.question;
  for (const line of text.split('\n')) {
    const next = byLine.get(line.trim());
    // A heading that comes twice is text of the part it stands in.
    if (next !== undefined && !found.has(next)) {
      question = next;
      found.set(question, []);
    } else found.set(question, [...(found.get(question) ?? []), line]);
  }
  const answers = [...found].map(([key, lines]) => [key, lines.join('\n').trim()] as const);
  return new Map(answers.filter(([, answer]) => answer !== ''));
}

/** One text of several answers; `splitText` takes it apart again. */
export function joinText(name: TextName, answers: ReadonlyMap<number, string>): string {
  const [main, ...others] = TEXT_PARTS[name];
  const parts = others.flatMap(({ question, heading }) => {
    const answer = answers.get(question);
    return answer ? [`${headingLine(heading)}\n${answer}`] : [];
  });
  const first = answers.get(main.question);
  return [...(first ? [first] : []), ...parts].join('\n\n');
}

/** The answer to one question in a text; null when it is not given. */
export function partOf(name: TextName, text: string | undefined, question: number): string | null {
  return splitText(name, text ?? '').get(question) ?? null;
}
