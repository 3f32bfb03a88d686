import { afterAll, beforeAll, expect, it } from 'vitest';
import { SHOP_DPIA } from '@/prisma/seed/governance-dpias';
import { MINUTE_MS } from '@/server/core/durations';
import { addAudience, editAudience } from '@/server/decisions/audience.service';
import type { RuleInput } from '@/server/decisions/rule.schema';
import { addRule, switchRule } from '@/server/decisions/rule.service';
import type { CustomerEvent } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { type ShardDescription, shardsOf } from '@/server/identity';
import { testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { addDpia, signDpia, submitDpia } from '@/server/privacy/dpia.service';
import { addUseCase, moveUseCase } from '@/server/use-cases/use-case.service';
import { RunningStream } from './running-stream-fixture';
import { sendTraffic } from './traffic-fixture';

const CHECKOUT: RuleInput['definition'] = {
  when: ['Checkout Started'],
  if: '',
  // biome-ignore lint/suspicious/noThenProperty: the word of the domain, never awaited
  then: { kind: 'service', title: 'Help at checkout', reason: 'A checkout began.' },
  purpose: 'service',
  coolDownSeconds: 0,
  priority: 50,
  queue: false,
};
const BUYERS = { name: 'Buyers', description: 'Bought before', condition: 'card.orders >= 1' };

let stream: RunningStream;
let deps: Deps;
let workspace: Awaited<ReturnType<typeof testWorkspace>>;
let shard: ShardDescription;
let audienceId: string;
let sent = 0;

beforeAll(async () => {
  stream = await RunningStream.open();
  deps = stream.deps;
  workspace = await testWorkspace(deps, 'audience');
  [shard] = (await shardsOf(deps, workspace.workspaceId)) as [ShardDescription];
  const useCaseId = await launched();
  ({ id: audienceId } = await addAudience(deps, workspace.actor('ops'), BUYERS));
  await switchedOn({ name: 'For buyers', definition: CHECKOUT, useCaseId, audienceId });
  await switchedOn({ name: 'For everyone', definition: CHECKOUT, useCaseId, audienceId: null });
  await stream.startWorkers();
}, 300_000);

afterAll(() => stream?.close());

async function launched(): Promise<string> {
  const [admin, stakeholder] = [workspace.actor('admin'), workspace.actor('stakeholder')];
  const dpia = await addDpia(deps, admin, SHOP_DPIA);
  await submitDpia(deps, admin, { id: dpia.id, version: 1 });
  const signature = {
    id: dpia.id,
    version: 1,
    verdict: 'approved',
    opinion: 'Fine.',
    validMonths: 12,
  } as const;
  await signDpia(deps, workspace.actor('privacy'), signature);
  const { id } = await addUseCase(deps, stakeholder, {
    title: 'Help at checkout',
    summary: '',
    metric: 'conversionRate',
    ownerId: stakeholder.userId,
    dpiaId: dpia.id,
    predictedChange: 20,
    holdoutPercent: 0,
  });
  await moveUseCase(deps, stakeholder, { id, stage: 'live' });
  return id;
}

async function switchedOn(rule: RuleInput): Promise<void> {
  const { id } = await addRule(deps, workspace.actor('ops'), rule);
  await switchRule(deps, workspace.actor('ops'), { id, enabled: true });
}

const START = Date.now() - 60 * MINUTE_MS;

function did(customer: string, name: string): CustomerEvent {
  sent += 1;
  const t = START + sent * 1_000;
  const p = { product_id: 'p1', price: 20, quantity: 1, total: 20, currency: 'USD' };
  return plainEvent(`a${sent}`, customer, { t, r: t, n: name, p });
}

/** Decisions about a customer as rule, version and the orders its audience read, oldest first. */
async function decisionsAbout(customer: string) {
  return withWorkspace(deps.db, workspace.workspaceId, async (tx) => {
    const names = new Map((await tx.rule.findMany()).map(({ id, name }) => [id, name]));
    const rows = await tx.decision.findMany({
      where: { customer },
      orderBy: [{ eventAt: 'asc' }, { position: 'asc' }],
    });
    return rows.map(({ ruleId, ruleVersion, inputs }) => ({
      rule: names.get(ruleId),
      version: ruleVersion,
      inputs,
    }));
  });
}

async function decided(customer: string, count: number) {
  let last: Awaited<ReturnType<typeof decisionsAbout>> = [];
  await until(
    async () => {
      last = await decisionsAbout(customer);
      if (last.length >= count) return true;
      throw new Error(`${last.length} of ${count} decisions about ${customer}`);
    },
    { timeoutMs: 120_000, everyMs: 200, what: 'decisions in history' },
  );
  return last;
}

it('decides for who is in the audience, and a change of it reaches the workers', {
  timeout: 300_000,
}, async () => {
  await sendTraffic(stream.log, shard, [
    did('newcomer', 'Checkout Started'),
    did('buyer', 'Order Completed'),
    did('buyer', 'Checkout Started'),
  ]);
  const everyone = { rule: 'For everyone', version: 1, inputs: {} };
  expect(await decided('newcomer', 1)).toEqual([everyone]);
  expect(await decided('buyer', 2)).toEqual(
    expect.arrayContaining([everyone, { rule: 'For buyers', version: 1, inputs: { 'card.orders': 1 } }]),
  );

  const all = { ...BUYERS, condition: 'card.orders >= 0', id: audienceId, version: 1 };
  await editAudience(deps, workspace.actor('ops'), all);
  // Workers read definitions anew when they hear of the change: until then a checkout is decided by the rules before.
  await until(
    async () => {
      await sendTraffic(stream.log, shard, [did('second', 'Checkout Started')]);
      const found = await decisionsAbout('second');
      if (found.some(({ rule }) => rule === 'For buyers')) return true;
      throw new Error(JSON.stringify(found));
    },
    { timeoutMs: 120_000, everyMs: 500, what: 'the changed audience in the stream' },
  );
  const second = await decisionsAbout('second');
  expect(second.filter(({ rule }) => rule === 'For buyers')).toContainEqual({
    rule: 'For buyers',
    version: 2,
    inputs: { 'card.orders': 0 },
  });
});
