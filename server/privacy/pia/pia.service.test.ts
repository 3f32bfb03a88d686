import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DpiaInput } from '../dpia.schema';
import { addDpia, getDpia } from '../dpia.service';
import { privacyFixture, WORKSPACE } from '../privacy-fixture';
import { textOfHtml } from './html-text';
import { importedPia } from './import-pia';
import { exportPia, importPia } from './pia.service';

/** Made by hand in the format of the CNIL's PIA software; its words are ours. */
const THEIRS = readFileSync(new URL('golden/loyalty.pia.json', import.meta.url), 'utf8');

const OURS: DpiaInput = {
  title: 'Offers to those who hesitate',
  description: 'A discount for carts < 50 €\nthat stand still.',
  dueAt: new Date('2027-01-15T00:00:00Z'),
  content: {
    purposes: ['marketing', 'profiling'],
    screening: {
      scoring: { met: true, note: 'carts are rated' },
      sensitive: { met: false, note: '' },
    },
    processing: 'Carts & visits.\n\n  - indented\n\n## Life cycle\nFrom the shop, gone after a year.',
    necessity: 'Nothing less will do.\n\n## Legal basis\nConsent.',
    retention: '13 months',
    rights: '## Restriction and objection\nOn the page of the account.',
    opinion: 'Fine as long as texts stay masked.',
    risks: [
      {
        id: 'r2',
        title: 'Somebody reads what was talked about',
        event: 'access',
        threats: 'A lost laptop\nA shared password',
        severityWhy: 'Talks touch on health',
        severity: 4,
        likelihood: 2,
        measures: 'Masking: numbers and names\nTraining',
        residualSeverity: 3,
        residualLikelihood: 1,
      },
      {
        id: 'r1',
        title: 'The same, less grave',
        event: 'access',
        severity: 1,
        likelihood: 2,
        measures: '',
        residualSeverity: 1,
        residualLikelihood: 1,
      },
      {
        id: 'r5',
        title: 'Pressed to buy',
        severity: 2,
        likelihood: 2,
        measures: 'At most one offer a week',
        residualSeverity: 1,
        residualLikelihood: 1,
      },
      {
        id: 'r3',
        title: 'Points vanish',
        event: 'loss',
        severity: 2,
        likelihood: 3,
        measures: 'Masking: something else\nBackups: every night',
        residualSeverity: 2,
        residualLikelihood: 1,
      },
    ],
  },
};

const PERSON = { workspaceId: WORKSPACE, userId: 'user_officer' };
let deps: Awaited<ReturnType<typeof privacyFixture>>['deps'];

beforeAll(async () => {
  ({ deps } = await privacyFixture());
  await deps.db.user.create({ data: { id: PERSON.userId, name: 'Olive Officer', email: 'o@example.com' } });
});

const partsOf = ({ title, description, dueAt, content }: DpiaInput) => ({
  title,
  description,
  dueAt,
  content,
});

async function exported(input: DpiaInput) {
  const { id } = await addDpia(deps, PERSON, input);
  return exportPia(deps, WORKSPACE, id);
}

describe('an assessment handed to the CNIL’s PIA software', () => {
  it('has what their import reads, in their numbers', async () => {
    const { name, text } = await exported(OURS);
    expect(name).toBe('pia-offers-to-those-who-hesitate.json');
    const file = JSON.parse(text);
    expect(file.pia).toMatchObject({
      name: OURS.title,
      status: 0,
      author_name: 'Olive Officer',
      dpo_status: null,
    });
    const answer = (question: number) =>
      file.answers.find(({ reference_to }: { reference_to: number }) => reference_to === question)?.data;
    expect(answer(111).text).toBe('A discount for carts &lt; 50 €<br />that stand still.');
    expect(answer(122).text).toBe('From the shop, gone after a year.');
    expect(answer(212).text).toBe('Consent.');
    expect(answer(321).list).toEqual(['Somebody reads what was talked about']);
    expect(answer(322).list).toEqual(['A lost laptop', 'A shared password']);
    expect(answer(324).list).toEqual(['Masking', 'Training']);
    expect([answer(325).gauge, answer(326).gauge]).toEqual([4, 2]);
    expect(answer(331)).toBeUndefined();
    expect(answer(344).list).toEqual(['Masking: something else', 'Backups']);
    expect(file.measures.map(({ title, content }: Record<string, string>) => [title, content])).toEqual([
      ['Masking', 'numbers and names'],
      ['Training', ''],
      ['Masking: something else', ''],
      ['Backups', 'every night'],
    ]);
    expect(file.evaluations).toMatchObject([
      { reference_to: '3.2', gauges: { x: 3, y: 1 } },
      { reference_to: '3.4', gauges: { x: 2, y: 1 } },
    ]);
    expect(file.comments).toEqual([]);
  });

  it('comes back as it was', async () => {
    const { text } = await exported(OURS);
    const { id, notTakenOver } = await importPia(deps, PERSON, { file: text, into: null });
    expect(partsOf(await getDpia(deps, WORKSPACE, id))).toEqual(partsOf(OURS));
    expect(notTakenOver.filter((line) => !/^pia\.(author|dpos|evaluator|validator)/.test(line))).toEqual([]);
  });

  it('becomes a new version of a record, open again, refused when that moved on', async () => {
    const { id } = await addDpia(deps, PERSON, { ...OURS, title: 'Before' });
    await importPia(deps, PERSON, { file: THEIRS, into: { id, version: 1 } });
    const row = await getDpia(deps, WORKSPACE, id);
    expect(row).toMatchObject({ title: 'Fidélité en caisse', version: 2, status: 'draft' });
    const again = importPia(deps, PERSON, { file: THEIRS, into: { id, version: 1 } });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  it('keeps the answers of their file apart on the way back', async () => {
    const { input } = importedPia(THEIRS);
    const { text } = await exported(input);
    const back = importedPia(text);
    expect(partsOf(back.input)).toEqual(partsOf(input));
    const texts = (file: string) =>
      new Map(
        JSON.parse(file).answers.map(
          ({ reference_to, data }: { reference_to: number; data: { text: string } }) => [
            reference_to,
            textOfHtml(data.text ?? ''),
          ],
        ),
      );
    const [before, after] = [texts(THEIRS), texts(text)];
    for (const question of [111, 112, 113, 121, 122, 123, 211, 212, 213, 214, 215, 221, 223, 225, 325])
      expect(after.get(question), String(question)).toBe(before.get(question));
  });
});
