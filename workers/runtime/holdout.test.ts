import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHOP_DPIA } from '@/prisma/seed/governance-dpias';
import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import type { RuleInput } from '@/server/decisions/rule.schema';
import { addRule, ruleList, switchRule } from '@/server/decisions/rule.service';
import type { CustomerEvent } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { totals } from '@/server/history/totals.service';
import { type ShardDescription, shardsOf } from '@/server/identity';
import { testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { addDpia, signDpia, submitDpia } from '@/server/privacy/dpia.service';
import { isHeldOut } from '@/server/processors';
import { addUseCase, moveUseCase } from '@/server/use-cases/use-case.service';
import { useCaseEffect } from '@/server/use-cases/use-case-effect.service';
import { RunningStream } from './running-stream-fixture';
import { sendTraffic } from './traffic-fixture';

const PERCENT = 50;
const PER_ARM = 40;
const HELP_AT_CHECKOUT: RuleInput['definition'] = {
  when: ['Checkout Started'],
  if: '',
  // biome-ignore lint/suspicious/noThenProperty: the word of the domain, never awaited
  then: { kind: 'service', title: 'Help at checkout', reason: 'A checkout began.' },
  purpose: 'service',
  coolDownSeconds: 3_600,
  priority: 50,
  queue: true,
};

let stream: RunningStream;
let deps: Deps;
let workspace: Awaited<ReturnType<typeof testWorkspace>>;
let useCaseId: string;
let salt: string;

beforeAll(async () => {
  stream = await RunningStream.open();
  deps = stream.deps;
  workspace = await testWorkspace(deps, 'holdout');
  useCaseId = await launch(await signedDpia());
  const rule = { name: 'Help at checkout', useCaseId, audienceId: null, definition: HELP_AT_CHECKOUT };
  const { id } = await addRule(deps, workspace.actor('ops'), rule);
  await switchRule(deps, workspace.actor('ops'), { id, enabled: true });
}, 300_000);

afterAll(() => stream?.close());

async function signedDpia(): Promise<string> {
  const { id } = await addDpia(deps, workspace.actor('admin'), SHOP_DPIA);
  await submitDpia(deps, workspace.actor('admin'), { id, version: 1 });
  await signDpia(deps, workspace.actor('privacy'), {
    id,
    version: 1,
    verdict: 'approved',
    opinion: 'Fine.',
    validMonths: 12,
  });
  return id;
}

async function launch(dpiaId: string): Promise<string> {
  const stakeholder = workspace.actor('stakeholder');
  const { id } = await addUseCase(deps, stakeholder, {
    title: 'Help at checkout',
    summary: '',
    metric: 'conversionRate',
    ownerId: stakeholder.userId,
    dpiaId,
    predictedChange: 20,
    holdoutPercent: PERCENT,
  });
  await moveUseCase(deps, stakeholder, { id, stage: 'live' });
  const row = await withWorkspace(deps.db, workspace.workspaceId, (tx) =>
    tx.useCase.findUniqueOrThrow({ where: { id } }),
  );
  salt = row.holdoutSalt ?? '';
  return id;
}

/** So many keys of one arm. */
function keysOf(heldOut: boolean, prefix: string, count: number): string[] {
  const keys: string[] = [];
  for (let index = 0; keys.length < count; index += 1) {
    const key = `${prefix}-${index}`;
    if (isHeldOut({ percent: PERCENT, salt }, key) === heldOut) keys.push(key);
  }
  return keys;
}

const START = Date.now() - 8 * HOUR_MS;
let sent = 0;

function did(
  customer: string,
  name: string,
  minute: number,
  more: Partial<CustomerEvent> = {},
): CustomerEvent {
  sent += 1;
  const t = START + minute * MINUTE_MS;
  const p = { product_id: 'p1', price: 20, quantity: 1, total: 20, currency: 'USD' };
  return plainEvent(`h${sent}`, customer, { t, r: t, n: name, p, ...more });
}

/** A cart and a checkout, about which the rule decides at minute 1; what follows is up to the caller. */
const began = (customer: string) => [did(customer, 'Product Added', 0), did(customer, 'Checkout Started', 1)];
const orderedAt = (customer: string, minute: number) => did(customer, 'Order Completed', minute);

/**
 * Forty of each arm. Of the treated 30 order within the hour (two of them under the key they sign in with), 4 after two
 * hours, 6 never: 10 carts are left behind. Of the held out 12 order within the hour, 28 never.
 */
function trafficOfBothArms(): CustomerEvent[] {
  const treated = keysOf(false, 'treated', PER_ARM);
  const heldOut = keysOf(true, 'held', PER_ARM);
  const events = [...treated, ...heldOut].flatMap(began);
  for (const [index, customer] of treated.entries()) {
    if (index < 2) events.push(did(`user-${index}`, 'Order Completed', 11, { l: customer }));
    else if (index < 30) events.push(orderedAt(customer, 11));
    else if (index < 34) events.push(orderedAt(customer, 121));
  }
  for (const customer of heldOut.slice(0, 12)) events.push(orderedAt(customer, 21));
  // Signs in with a key of the other arm, and is decided about once more under it: stays with the treated.
  const [other = ''] = keysOf(true, 'other', 1);
  events.push(did(other, 'Signed In', 70, { l: treated[39] ?? '' }), did(other, 'Checkout Started', 75));
  // Nobody decided about this one, and the hour of the last is not over.
  events.push(did('bystander', 'Product Added', 0), orderedAt('bystander', 11));
  const [late = ''] = keysOf(false, 'late', 1);
  const justNow = (Date.now() - START) / MINUTE_MS - 5;
  events.push(did(late, 'Checkout Started', justNow));
  return events;
}

describe('the measured change of a launched use case', () => {
  it('is, over replayed traffic, what a hand computes', { timeout: 300_000 }, async () => {
    const { workspaceId } = workspace;
    const [shard] = (await shardsOf(deps, workspaceId)) as [ShardDescription];
    await stream.startWorkers();
    await sendTraffic(stream.log, shard, trafficOfBothArms());
    await until(
      async () => {
        const { events, cartsConverted, cartsAbandoned } = await totals(deps, workspaceId, {
          from: null,
          to: null,
        });
        if (events === sent && cartsConverted === 43 && cartsAbandoned === 38) return true;
        throw new Error(JSON.stringify({ sent, events, cartsConverted, cartsAbandoned }));
      },
      { timeoutMs: 120_000, everyMs: 300, what: 'the traffic in history' },
    );
    const effect = await useCaseEffect(deps, workspaceId, useCaseId);
    expect(effect).toMatchObject({
      mixed: 1,
      cut: false,
      treated: { decided: 41, counted: 40, ordered: 30, abandoned: 10 },
      heldOut: { decided: 40, counted: 40, ordered: 12, abandoned: 28 },
    });
    const [ordered, abandoned] = effect?.outcomes ?? [];
    expect(ordered).toMatchObject({ outcome: 'ordered', isPrimary: true, verdict: 'better' });
    expect(abandoned).toMatchObject({ outcome: 'abandoned', isPrimary: false, verdict: 'better' });
    // 30/40 − 12/40 and 10/40 − 28/40, by Newcombe's method 10.
    expect(ordered?.difference?.value).toBeCloseTo(0.45, 12);
    expect(ordered?.relativePercent).toBeCloseTo(150, 9);
    expect(ordered?.difference?.low).toBeCloseTo(0.2334, 4);
    expect(ordered?.difference?.high).toBeCloseTo(0.611, 4);
    expect(abandoned?.difference?.value).toBeCloseTo(-0.45, 12);
  });

  it('shows both arms among the hits of its rule', async () => {
    const { rules } = await ruleList(deps, workspace.workspaceId);
    // Once more about the one who signed in with a key of the other arm.
    expect(rules).toMatchObject([{ hitsLastHour: 82, heldOutLastHour: 41, customersLastHour: 82 }]);
  });

  it('begins anew with a launch, which holds out others', async () => {
    const stakeholder = workspace.actor('stakeholder');
    for (const stage of ['retired', 'live'] as const)
      await moveUseCase(deps, stakeholder, { id: useCaseId, stage });
    const row = await withWorkspace(deps.db, workspace.workspaceId, (tx) =>
      tx.useCase.findUniqueOrThrow({ where: { id: useCaseId } }),
    );
    expect(row.holdoutSalt).not.toBe(salt);
    expect(await useCaseEffect(deps, workspace.workspaceId, useCaseId)).toMatchObject({
      treated: { decided: 0 },
      heldOut: { decided: 0 },
      outcomes: [{ difference: null, verdict: 'unclear' }, { verdict: 'unclear' }],
    });
  });
});
