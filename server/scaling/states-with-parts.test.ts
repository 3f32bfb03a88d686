import { describe, expect, it } from 'vitest';
import { partField } from './partition-keys';
import { statesWithParts } from './states-with-parts';

/** A state beside which so many parts lie. */
const withParts = (count: number) =>
  JSON.stringify({ cb: '', sl: { f: 0, t: Array.from({ length: count }, () => '1').join('.') } });
const fieldsOf = (count: number) => Array.from({ length: count }, (_, number) => partField('ada', number));

/** Reads states of one customer that changes meanwhile: each read finds the next of these texts. */
async function reading(texts: (string | null)[], attempts: number, known?: string[]) {
  const asked: string[][] = [];
  const found = await statesWithParts({
    customers: ['ada'],
    ...(known === undefined ? {} : { fields: [known] }),
    attempts,
    read: async (fields) => {
      asked.push([...fields]);
      const parts = fields.map((field) => `part ${field}`);
      return { texts: [texts[asked.length - 1] ?? null], parts };
    },
  });
  return { asked, found: found && { text: found.read.texts[0], parts: found.parts } };
}

describe('a state with its parts', () => {
  it('is read once where no part lies beside it, or it cannot be read', async () => {
    for (const text of [JSON.stringify({ cb: '' }), null, 'no state']) {
      const { asked, found } = await reading([text], 5);
      expect([asked, found]).toEqual([[[]], { text, parts: [[]] }]);
    }
  });

  it('is read again with its parts once they are known, and at once where they are', async () => {
    const text = withParts(2);
    const whole = { text, parts: [fieldsOf(2).map((field) => `part ${field}`)] };
    expect(await reading([text, text], 5)).toEqual({ asked: [[], fieldsOf(2)], found: whole });
    expect(await reading([text], 3, fieldsOf(2))).toEqual({ asked: [fieldsOf(2)], found: whole });
  });

  it('is of one moment where a commit came in between', async () => {
    const { asked, found } = await reading([withParts(1), withParts(2), withParts(2)], 5);
    expect(asked).toEqual([[], fieldsOf(1), fieldsOf(2)]);
    expect(found?.parts[0]).toHaveLength(2);
  });

  it('is not read where it changes with every look', async () => {
    expect((await reading([withParts(1), withParts(2), withParts(3)], 3)).found).toBeNull();
  });
});
