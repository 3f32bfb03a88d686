import { beforeAll, describe, expect, it } from 'vitest';
import { noteCardRead, revealCustomer } from '@/server/features';
import type { PersonActor } from '@/server/identity';
import { testDeps } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { denySale } from '@/server/privacy/do-not-sell.service';
import { changeConsent } from '@/server/privacy/opt-out.service';
import { START } from '@/server/processors/pump-fixtures';
import { MOST_ESCALATIONS, MOST_WAITS } from './subject-report.schema';
import { makeSubjectReport } from './subject-report.service';
import {
  type PlantedWorkspace,
  plantEvent,
  plantManyWaits,
  plantOutputs,
  plantProfile,
  plantRule,
  plantWaits,
  plantWords,
  workspaceWith,
} from './subject-report-fixture';

let deps: Awaited<ReturnType<typeof testDeps>>;
let north: PlantedWorkspace;
let south: PlantedWorkspace;

const WHY = 'asked by letter of 1 March';
const PERSON = 'u';
const OTHER = 'vera';
/** What only the other customer and the other workspace have. */
const FOREIGN = 'Foreign Thing';

const report = (by: PersonActor, customer = PERSON) => makeSubjectReport(deps, by, { customer, reason: WHY });

beforeAll(async () => {
  deps = await testDeps();
  north = await workspaceWith(deps, 'north');
  south = await workspaceWith(deps, 'south');
  await withWorkspace(deps.db, north.workspaceId, async (tx) => {
    await tx.source.create({
      data: {
        id: 'source_shop',
        workspaceId: north.workspaceId,
        shardId: north.shardId,
        name: 'The shop',
        keyHash: 'shop',
        keyHint: 'mw_',
      },
    });
    await tx.identityLink.create({
      data: { workspaceId: north.workspaceId, fromKey: 'device', toKey: PERSON, linkedAt: new Date(START) },
    });
  });
  await plantRule(deps, north, 'Help in the cart');
  await plantRule(deps, south, FOREIGN);
  await plantProfile(deps, north, PERSON, { email: 'uma@example.com', birthday: '1990-01-01' });
  await plantProfile(deps, north, OTHER, { email: FOREIGN });
  await plantProfile(deps, south, PERSON, { email: FOREIGN });
  await plantEvent(deps, north, 'device', 'Page Seen');
  await plantEvent(deps, north, PERSON, 'Order Completed', { total: 12.5 });
  await plantEvent(deps, north, PERSON, 'Order Completed', { total: 7 });
  for (const [workspace, customer] of [
    [north, OTHER],
    [south, PERSON],
    [south, 'device'],
  ] as const) {
    await plantEvent(deps, workspace, customer, FOREIGN);
    await plantOutputs(deps, workspace, customer, FOREIGN);
  }
  for (const [workspace, customer, reason] of [
    [north, PERSON, 'she was joking'],
    [north, OTHER, FOREIGN],
    [south, PERSON, FOREIGN],
  ] as const)
    await plantWords(deps, workspace, customer, reason);
  for (const [workspace, customer, title] of [
    [north, PERSON, 'payment failed'],
    [north, OTHER, FOREIGN],
    [south, PERSON, FOREIGN],
  ] as const)
    await plantWaits(deps, workspace, customer, title);
  await plantOutputs(deps, north, 'device', 'From the device');
  await plantOutputs(deps, north, PERSON, 'From the person');
  const agent = south.actor('agent');
  await revealCustomer(deps, agent, { customer: PERSON, reason: FOREIGN });
});

describe('a subject report', () => {
  it('holds every kind of data of the person, over linked keys, and where it came from', async () => {
    const made = await report(north.actor('privacy'));
    expect(made.subject.keys.toSorted()).toEqual(['device', PERSON]);
    expect(made.subject.links).toMatchObject([{ from: 'device', to: PERSON, shared: false }]);
    expect(made.profiles[0]?.card.traits).toContainEqual({
      name: 'email',
      value: 'uma@example.com',
      masked: false,
    });
    expect(made.events).toMatchObject({
      total: 3,
      byDay: [{ day: '2026-03-01', events: 3 }],
      bySource: [{ sourceId: 'source_shop', name: 'The shop', platform: 'web', events: 3 }],
    });
    expect(made.events.byName.map(({ name, events }) => [name, events])).toEqual([
      ['Order Completed', 2],
      ['Page Seen', 1],
    ]);
    expect(made.events.listed.map(({ name, properties }) => [name, properties])).toEqual([
      ['Order Completed', { total: 7 }],
      ['Order Completed', { total: 12.5 }],
      ['Page Seen', {}],
    ]);
    expect(made.facts).toMatchObject([{ kind: 'order', count: 2, currency: 'EUR' }]);
    expect(Number(made.facts[0]?.amount)).toBe(25);
    expect(made.late.map(({ name }) => name).toSorted()).toEqual(['From the device', 'From the person']);
    expect(made.decisions.total).toBe(2);
    expect(made.decisions.listed[0]).toMatchObject({
      rule: 'Help in the cart',
      ruleVersion: 2,
      purpose: 'service',
      action: { reason: 'because of From the person' },
      inputs: { cart: '12.5' },
      response: null,
    });
    expect(made.retention.find(({ dataset }) => dataset === 'Events in history')?.oldest).toBe(
      made.events.first,
    );
    const ages = Object.fromEntries(made.retention.map(({ dataset, oldest }) => [dataset, oldest]));
    expect(ages).toMatchObject({
      'Contested labels': new Date(START).toISOString(),
      'Waits for an agent, and what was raised of them': new Date(START).toISOString(),
      'Notes on the live profile (left by age, found to differ)': new Date(START).toISOString(),
      'Consent signals that came with events': new Date(START).toISOString(),
    });
    expect(made.contests).toMatchObject([
      { key: PERSON, modelLabel: 'negative', label: 'neutral', reason: 'she was joking', withdrawn: false },
    ]);
    expect(made.consent).toMatchObject({
      denied: ['personalisation'],
      signals: [{ customer: PERSON, title: 'IAB TCF v2', denied: ['personalisation'] }],
    });
    expect(made.cut).toEqual([]);
  });

  it('tells when the person waited for an agent, who took them, and what was raised', async () => {
    const { waits, escalations, stateNotes } = await report(north.actor('privacy'), 'device');
    const since = new Date(START).toISOString();
    const takenAt = new Date(START + 90_000).toISOString();
    const taken = { key: PERSON, since, takenAt, takenBy: 'agent of north' };
    expect(waits).toEqual({
      now: [
        {
          ...{ key: PERSON, reason: 'cart', title: 'payment failed', channel: 'web', since },
          ...{ value: '12.5', currency: 'EUR' },
        },
      ],
      total: 1,
      listed: [{ ...taken, reason: 'contact', breachedAt: takenAt, endedAt: takenAt, outcome: 'helped' }],
    });
    expect(escalations).toEqual({
      total: 1,
      listed: [
        { ...taken, channel: 'chat', percent: 150, to: 'supervisors', raisedAt: takenAt, leftAt: null },
      ],
    });
    expect(stateNotes).toEqual({
      left: [{ key: PERSON, at: since }],
      differed: [{ key: PERSON, parts: ['payment failed'], foundAt: since, seenAt: takenAt, endedAt: null }],
    });
  });

  it('lists so many waits at most, and says how many there are', async () => {
    await plantManyWaits(deps, north, 'often', MOST_WAITS + 1);
    const made = await report(north.actor('privacy'), 'often');
    expect(made.waits.listed).toHaveLength(MOST_WAITS);
    expect(made.waits.listed[0]?.since).toBe(new Date(START + MOST_WAITS * 1_000).toISOString());
    expect(made.escalations.listed).toHaveLength(MOST_ESCALATIONS);
    expect(made.cut).toEqual([
      'Waits for an agent: the newest 200 of 201.',
      'Escalations: the newest 200 of 201.',
    ]);
    const ages = Object.fromEntries(made.retention.map(({ dataset, oldest }) => [dataset, oldest]));
    expect(ages['Waits for an agent, and what was raised of them']).toBe(new Date(START).toISOString());
  });

  it('holds nothing of another customer or workspace', async () => {
    const made = await report(north.actor('privacy'));
    expect(JSON.stringify(made)).not.toContain(FOREIGN);
    const unknown = await report(north.actor('privacy'), 'nobody-knows');
    expect(unknown).toMatchObject({ profiles: [], facts: [], late: [], events: { total: 0, first: null } });
  });

  it('tells who looked, what they saw and why, its own making included', async () => {
    await noteCardRead(deps, north.actor('agent'), 'device');
    await revealCustomer(deps, north.actor('agent'), { customer: PERSON, reason: 'spelled her name' });
    const { looks } = await report(north.actor('admin'));
    expect(looks.rows[0]).toMatchObject({
      actorName: 'admin of north',
      role: 'admin',
      screen: 'subject report',
      inClear: true,
      reason: WHY,
    });
    expect(looks.rows[0]?.fields).toContain('profile in clear');
    const agents = looks.rows.filter(({ role }) => role === 'agent');
    expect(agents.map(({ customer, inClear, reason }) => [customer, inClear, reason])).toEqual([
      [PERSON, true, 'spelled her name'],
      ['device', false, null],
    ]);
    expect(looks.rows.filter(({ screen }) => screen === 'subject report').length).toBeGreaterThanOrEqual(2);
    expect(looks.total).toBe(looks.rows.length);
  });

  it('tells categories by the names of what is held, and consent with its times', async () => {
    const before = await report(north.actor('privacy'));
    const collected = before.ccpa.categories.filter((category) => category.collected);
    expect(collected.map(({ letter }) => letter)).toEqual(['A', 'C', 'D', 'F', 'K']);
    expect(before.ccpa).toMatchObject({ doNotSell: false, doNotSellSince: null });

    const answer = await denySale(deps, {
      workspaceId: north.workspaceId,
      customer: 'device',
      reason: 'by telephone',
      actor: { kind: 'person', id: north.actor('privacy').userId },
    });
    expect(answer.denied).toContain('marketing');
    expect(answer.effectMs).toBeGreaterThanOrEqual(0);
    expect(answer.enforcementPoints).toBeGreaterThan(2);
    const after = await report(north.actor('privacy'));
    expect(after.ccpa).toMatchObject({ doNotSell: true, doNotSellSince: answer.acknowledgedAt });
    expect(after.consent.wishes).toHaveLength(1);
    expect(after.consent.wishes[0]).toMatchObject({
      reason: 'Do Not Sell or Share: by telephone',
      takenBy: 'privacy of north',
    });
    const denied = after.purposes.filter((purpose) => purpose.denied).map(({ purpose }) => purpose);
    expect(denied).toEqual(['personalisation', 'marketing']);
    expect(after.consent.byKey.map(({ customer }) => customer)).toEqual(['device', PERSON]);

    await changeConsent(deps, {
      workspaceId: north.workspaceId,
      customer: PERSON,
      purpose: 'marketing',
      optedIn: true,
      reason: 'wants offers again',
      actor: { kind: 'person', id: north.actor('privacy').userId },
    });
    expect((await report(north.actor('privacy'))).ccpa).toMatchObject({
      doNotSell: false,
      doNotSellSince: null,
    });
  });

  it('names the assessments of a purpose with the legal basis written in them', async () => {
    await withWorkspace(deps.db, north.workspaceId, (tx) =>
      tx.dpia.create({
        data: {
          id: 'dpia_1',
          workspaceId: north.workspaceId,
          title: 'Offers',
          createdById: north.actor('privacy').userId,
          content: {
            purposes: ['marketing'],
            necessity: 'Only what is needed.\n\n## Legal basis\nConsent, article 6 (1) (a).',
            retention: '13 months',
          },
        },
      }),
    );
    const { purposes } = await report(north.actor('privacy'));
    expect(purposes.find(({ purpose }) => purpose === 'marketing')?.assessments).toEqual([
      {
        title: 'Offers',
        obstacle: 'The DPIA is not signed (draft)',
        validUntil: null,
        legalBasis: 'Consent, article 6 (1) (a).',
        retention: '13 months',
      },
    ]);
    expect(purposes.find(({ purpose }) => purpose === 'service')?.assessments).toEqual([]);
  });
});
