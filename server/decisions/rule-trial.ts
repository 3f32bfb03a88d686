import { partitionOf } from '@/server/core/partition';
import type { CustomerEvent } from '@/server/event-log/records';
import { createProcessor, emptyWorkingSet, lexiconSentiment } from '@/server/processors';
import type { DecisionOutput, StreamSettings } from '@/server/streaming/partition-step';
import type { RuleAtVersion } from './compile-rule';
import { createRuleSet } from './rule-set';

/**
 * Runs one rule over past events through the very engine that runs it live, in memory: carts, visits and cool-downs
 * are what they would have been. Pure. Events must come in the order they were logged.
 * @returns firings whose event was logged at or after `since`, ms
 */
export function tryRule(
  rule: RuleAtVersion,
  events: readonly CustomerEvent[],
  settings: StreamSettings,
  since: number,
): DecisionOutput[] {
  const ruleSet = createRuleSet([rule]);
  const processor = createProcessor({ workspaceId: 'trial', settings, ruleSet, sentiment: lexiconSentiment });
  const set = emptyWorkingSet(partitionOf('trial', 1), 1);
  const firings: DecisionOutput[] = [];
  events.forEach((event, i) => {
    processor.step(set, event, `${i}-0`, event.r);
    for (const output of set.outputs) if (output.o === 'decision' && event.r >= since) firings.push(output);
    set.outputs.length = 0;
    set.outbox.length = 0;
  });
  return firings;
}
