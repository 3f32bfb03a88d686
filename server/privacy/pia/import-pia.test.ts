import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Fault } from '@/server/core/fault';
import { importedPia } from './import-pia';

/** Made by hand in the format of the CNIL's PIA software; its words are ours. */
const THEIRS = readFileSync(new URL('golden/loyalty.pia.json', import.meta.url), 'utf8');

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
