import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { withWorkspace } from '@/server/platform/postgres';
import { consentsOf } from '../consent.repository';
import { consentKey } from '../consent-flags.connector';
import { consentParity } from '../consent-parity.service';
import { changeConsent } from '../opt-out.service';
import { type PrivacyFixture, privacyFixture, WORKSPACE } from '../privacy-fixture';
import { takeWaitingSignals } from './signal.service';

let fixture: PrivacyFixture;
let position = 0;
beforeAll(async () => {
  fixture = await privacyFixture();
});
beforeEach(async () => {
  await fixture.deps.logRedis.flushall();
});

const MINUTE = 60_000;
const START = Date.parse('2026-11-23T09:00:00Z');

/** A signal as the archive brings it from the stream. */
const bring = (customer: string, kind: string, denied: string[], minute: number) => {
  position += 1;
  return withWorkspace(fixture.deps.db, WORKSPACE, (tx) =>
    tx.consentSignalNews.create({
      data: {
        workspaceId: WORKSPACE,
        shardId: fixture.shardIds[0] ?? 0,
        partition: 0,
        position: String(position),
        customer,
        kind,
        denied,
        at: new Date(START + minute * MINUTE),
      },
    }),
  );
};
const take = () => takeWaitingSignals(fixture.deps, WORKSPACE);
const inForce = async (customer: string) =>
  (await consentsOf(fixture.deps, WORKSPACE, [customer])).flatMap(({ denied }) => denied).sort();

const place = (customer: string) => consentKey(fixture.shardIds[0] ?? 0, partitionOf(customer, 8));
const change = (customer: string, optedIn: boolean) =>
  changeConsent(fixture.deps, {
    workspaceId: WORKSPACE,
    customer,
    purpose: 'marketing',
    optedIn,
    actor: { kind: 'person', id: 'user_1' },
  });

describe('signals on their way into the record', () => {
  it('come to the same in any order, and again', async () => {
    const all: [kind: string, denied: string[], minute: number][] = [
      ['tcf', ['marketing'], 1],
      ['tcf', ['marketing', 'personalisation'], 2],
      ['tcf', ['personalisation'], 3],
      ['gpc', ['marketing'], 2],
      ['gpc', [], 4],
    ];
    const orders = [all, all.toReversed(), [...all.slice(2), ...all.slice(0, 2)], [...all, ...all]];
    for (const [index, order] of orders.entries()) {
      for (const [kind, denied, minute] of order) {
        await bring(`any-order-${index}`, kind, denied, minute);
        await take();
      }
      expect(await inForce(`any-order-${index}`)).toEqual(['personalisation']);
    }
    expect(await take()).toBe(0);
  });

  it('of the same instant deny what either does', async () => {
    await bring('instant', 'tcf', ['marketing'], 1);
    await bring('instant', 'tcf', [], 1);
    await take();
    expect(await inForce('instant')).toEqual(['marketing']);
  });

  it('write one audit entry for what changes, and none for what does not', async () => {
    const entries = () =>
      withWorkspace(fixture.deps.db, WORKSPACE, (tx) =>
        tx.auditEntry.count({ where: { workspaceId: WORKSPACE, subject: 'audited' } }),
      );
    await bring('audited', 'gpc', ['marketing'], 1);
    await bring('audited', 'gpc', ['marketing'], 2);
    await bring('audited', 'usca', ['marketing'], 3);
    await take();
    expect(await entries()).toBe(1);
    await bring('audited', 'gpc', [], 4);
    await bring('audited', 'usca', [], 4);
    await take();
    expect(await entries()).toBe(2);
    expect(await inForce('audited')).toEqual([]);
  });

  it('are believed by time beside what a person says', async () => {
    await change('asked', false);
    await bring('asked', 'gpc', [], 1);
    await take();
    expect(await inForce('asked')).toEqual(['marketing']);
    await bring('asked', 'gpc', ['marketing'], 2);
    await take();
    fixture.clock.now = START + 10 * MINUTE;
    expect((await change('asked', true)).denied).toEqual([]);
    const flags = await fixture.deps.logRedis.hget(place('asked'), 'asked');
    expect(JSON.parse(flags ?? '')).toMatchObject({ denied: [], w: { marketing: START + 10 * MINUTE } });
    await bring('asked', 'gpc', ['marketing'], 9);
    await take();
    expect(await inForce('asked')).toEqual([]);
    await bring('asked', 'gpc', ['marketing'], 11);
    await take();
    expect(await inForce('asked')).toEqual(['marketing']);
  });

  it('stay signals where an opt-out came along a link, and are set again where the store lost them', async () => {
    await bring('carried', 'gpc', ['marketing'], 1);
    await take();
    // As the stream writes it: what was there, and what the link brought.
    const carried = JSON.stringify({ denied: ['marketing', 'profiling'], v: 7 });
    await fixture.deps.logRedis.hset(place('carried'), 'carried', carried);
    await consentParity(fixture.deps);
    const row = await withWorkspace(fixture.deps.db, WORKSPACE, (tx) =>
      tx.consent.findFirst({ where: { customer: 'carried' } }),
    );
    expect(row).toMatchObject({ denied: ['profiling'], signalled: ['marketing'] });

    await fixture.deps.logRedis.flushall();
    await consentParity(fixture.deps);
    const flags = await fixture.deps.logRedis.hget(place('carried'), 'carried');
    expect(JSON.parse(flags ?? '').denied.sort()).toEqual(['marketing', 'profiling']);
  });
});
