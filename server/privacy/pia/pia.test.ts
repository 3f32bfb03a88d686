import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '@/server/core/fault';
import type { DpiaInput } from '../dpia.schema';
import { addDpia, getDpia } from '../dpia.service';
import { privacyFixture, WORKSPACE } from '../privacy-fixture';
import { htmlOf, textOfHtml } from './html-text';
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
});

describe('a file of the CNIL’s PIA software', () => {
  const { input, notTakenOver } = importedPia(THEIRS);

  it('gives its texts without the marks of their editor', () => {
    expect(input.title).toBe('Fidélité en caisse');
    expect(input.description).toBe('Points de fidélité attribués en caisse et utilisés en ligne.');
    expect(input.content.processing).toBe(
      [
        'Données :\n- numéro de carte de fidélité ;\n- achats & retours.',
        '## Life cycle\n- Collecte en caisse\n- Calcul des points la nuit',
        '## Where the data is kept\nServeurs en Europe.',
        '## Who is responsible\nLa société des magasins est responsable ; l’hébergeur est sous-traitant.',
        '## Standards that apply\nAucun code de conduite.',
      ].join('\n\n'),
    );
    expect(input.content.retention).toBe('Treize mois après le dernier achat.');
    expect(input.content.opinion).toBe('Acceptable tant que les conversations restent masquées.');
  });

  it('gives a risk for each feared event that it answers', () => {
    expect(input.content.risks).toEqual([
      {
        id: 'r1',
        title: 'Des habitudes d’achat sont connues de tiers',
        event: 'access',
        impacts: 'Gêne',
        threats: 'Carte perdue\nCompte partagé',
        sources: 'Entourage',
        severityWhy: 'Les habitudes disent peu de la santé.',
        likelihoodWhy: 'Beaucoup de cartes sont perdues.',
        severity: 2,
        likelihood: 3,
        measures: 'Chiffrement: Les échanges entre caisse et serveur sont chiffrés.\nJournalisation',
        residualSeverity: 2,
        residualLikelihood: 1,
      },
      {
        id: 'r2',
        title: 'Points faux',
        event: 'change',
        severityWhy: 'Peu de conséquences.',
        severity: 1,
        likelihood: 4,
        measures: '',
        residualSeverity: 1,
        residualLikelihood: 4,
      },
    ]);
  });

  it('names everything that has no place here', () => {
    expect(notTakenOver.toSorted()).toEqual([
      'Answer 999: the question is not known here',
      'Measure “Sauvegardes”: no risk names it',
      'Purposes are not told in the file: set to Service, to be checked',
      'Unwanted change of data: likelihood is not estimated there; set to maximum here',
      'comments: 1',
      'evaluations: comments and plans of action of 2',
      'pia.author_name: has no place here',
      'pia.category: has no place here',
      'pia.concerned_people_opinion: has no place here',
      'pia.concerned_people_searched_opinion: has no place here',
      'pia.concerned_people_status: has no place here',
      'pia.dpo_status: has no place here',
      'pia.dpos_names: has no place here',
      'pia.evaluator_name: has no place here',
      'pia.people_names: has no place here',
      'pia.status: validated there; here it is a draft until an officer signs',
      'pia.validator_name: has no place here',
    ]);
  });

  it('keeps its answers apart on the way back', async () => {
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

  it.each([
    ['no JSON', '{"pia":', 'file'],
    ['another JSON', '{"name":"x"}', 'pia'],
    ['no name', JSON.stringify({ pia: { name: '' } }), 'pia.name'],
    [
      'a gauge beyond the scale',
      JSON.stringify({ pia: { name: 'Name' }, answers: [{ reference_to: 325, data: { gauge: 5 } }] }),
      'answers[0].data.gauge',
    ],
    ['a NUL', JSON.stringify({ pia: { name: 'Na\0me' } }), 'pia.name'],
    ['too many answers', JSON.stringify({ pia: { name: 'Name' }, answers: Array(501).fill({}) }), 'answers'],
    [
      'a part of ours that was broken',
      JSON.stringify({ pia: { name: 'Name' }, millrace: { format: 1, purposes: ['all'] } }),
      'millrace.purposes[0]',
    ],
  ])('is refused by the name of the field: %s', (_what, file, field) => {
    let fault: unknown;
    try {
      importedPia(file);
    } catch (thrown) {
      fault = thrown;
    }
    expect(fault).toBeInstanceOf(Fault);
    expect((fault as Fault).code).toBe('bad_request');
    expect((fault as Fault).fields.map((one) => one.field)).toContain(field);
  });

  it('names what comes again, and counts what is too much to name', () => {
    const answer = (text: string) => ({ reference_to: 215, data: { text } });
    const twice = importedPia(
      JSON.stringify({
        pia: { name: 'Name' },
        answers: [answer('first'), answer('last')],
        measures: Array.from({ length: 250 }, (_, at) => ({ title: `m${at % 249}` })),
      }),
    );
    expect(twice.input.content.retention).toBe('last');
    expect(twice.notTakenOver).toContain('Measure “m0” comes again: the first counts');
    expect(twice.notTakenOver).toHaveLength(201);
    expect(twice.notTakenOver.at(-1)).toBe('and 53 more');
  });

  it('is cut where ours is shorter, and that is said', () => {
    const long = importedPia(
      JSON.stringify({
        pia: { name: 'n'.repeat(200) },
        answers: [{ reference_to: 215, data: { text: 'x'.repeat(5_000) } }],
      }),
    );
    expect(long.input.title).toHaveLength(150);
    expect(long.input.content.retention).toHaveLength(4_000);
    expect(long.notTakenOver).toContain('pia.name: cut after 150 of 200 characters');
    expect(long.notTakenOver).toContain('answer 215: cut after 4000 of 5000 characters');
  });
});

describe('plain text as HTML', () => {
  it.each([
    'a\n\n\nb',
    ' two  blanks ',
    'a < b & c > d',
    '\tstop',
    '&amp; <p>not a tag</p>',
    '- item\n  - inner',
    'é €',
  ])('comes back the same: %j', (text) => expect(textOfHtml(htmlOf(`.${text}.`))).toBe(`.${text}.`));

  it('leaves what is no tag and no entity', () => {
    expect(textOfHtml('1 < 2 &unknown; &#xD800; &#233;')).toBe('1 < 2 &unknown; &#xD800; é');
  });
});
