import { loadRules } from '@/server/decisions';
import type { ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { createProcessor, lexiconSentiment } from '@/server/processors';
import type { StepOperator } from '@/server/processors/topology.schema';
import type { OperatorProbe } from '@/server/streaming/operator-probe';
import type { ShardDefinitions } from './shard-plans';

/** What the processors of a shard are made from; the version changes when any of it does. */
export async function processorDefinitions(
  deps: Pick<Deps, 'db' | 'now'>,
  shard: ShardDescription,
  probe?: OperatorProbe<StepOperator>,
): Promise<ShardDefinitions> {
  const { workspaceId, currency } = shard;
  const settings = { ...shard.settings, currency };
  const rules = await loadRules(deps, workspaceId);
  return {
    version: JSON.stringify([settings, rules.version]),
    changesAt: rules.changesAt,
    make: () =>
      createProcessor({ workspaceId, settings, ruleSet: rules.make(), sentiment: lexiconSentiment, probe }),
  };
}
