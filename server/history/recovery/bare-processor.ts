import type { ShardDescription } from '@/server/identity';
import { createProcessor, lexiconSentiment, NO_RULES } from '@/server/processors';
import type { LogProcessor } from './partition-replay';

/** The processors of this build without rules: decisions follow from rules, which the log does not hold, not from events. */
export function bareProcessor({
  workspaceId,
  settings,
  currency,
}: Pick<ShardDescription, 'workspaceId' | 'settings' | 'currency'>): LogProcessor {
  return createProcessor({
    workspaceId,
    settings: { ...settings, currency },
    ruleSet: NO_RULES,
    sentiment: lexiconSentiment,
  });
}
