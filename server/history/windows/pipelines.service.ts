import { type PatternOfRule, rulePatterns } from '@/server/decisions';
import { shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { flinkSql } from '@/server/streaming/flink-sql/flink-sql';
import type { PipelineDefinition } from '@/server/streaming/pipeline';
import { listCalendars } from './business-calendar.repository';
import { listWindows } from './window-definition.repository';
import { idleAfterMs } from './window-facts.repository';
import { pipelineOf } from './window-pipeline';

/** Where the text says that it reads from: to be replaced by the reader's own. */
const BROKERS = 'localhost:9092';

export interface PipelineView {
  /** of the windowed aggregate or the rule; `visits` and `carts` are the product's own */
  id: string;
  definition: PipelineDefinition;
  flinkSql: string;
}

export interface Pipelines {
  pipelines: PipelineView[];
  /** rules whose conditions say more than a pattern can */
  notExported: { ruleId: string; name: string }[];
}

/** Every pipeline of a workspace that can be told as data, with its text for Flink SQL. */
export async function pipelines(deps: Deps, workspaceId: string): Promise<Pipelines> {
  const [[shard], calendars, windows, rules] = await Promise.all([
    shardsOf(deps, workspaceId),
    listCalendars(deps, workspaceId),
    listWindows(deps, workspaceId),
    rulePatterns(deps, workspaceId),
  ]);
  const found: [string, PipelineDefinition][] = [];
  if (shard) {
    const { visitGapMs, cartGapMs, latenessMs } = shard.settings;
    found.push(['visits', { kind: 'visits', name: 'Visits', gapMs: visitGapMs, latenessMs }]);
    found.push(['carts', { kind: 'abandonment', name: 'Abandoned carts', gapMs: cartGapMs, latenessMs }]);
    found.push(...rules.flatMap((rule) => patternPipeline(rule, latenessMs)));
  }
  for (const view of windows) {
    const { name, definition } = view;
    const lookUp = async (id: string) => calendars.find((calendar) => calendar.id === id) ?? null;
    found.push([view.id, await pipelineOf({ name, definition }, lookUp)]);
  }
  const notExported = rules.filter(({ pattern }) => pattern === null);
  return {
    pipelines: found.map(([id, definition]) => ({ id, definition, flinkSql: textOf(definition) })),
    notExported: notExported.map(({ ruleId, name }) => ({ ruleId, name })),
  };
}

function patternPipeline(
  { ruleId, name, pattern }: PatternOfRule,
  latenessMs: number,
): [string, PipelineDefinition][] {
  return pattern === null ? [] : [[ruleId, { kind: 'pattern', name, ...pattern, latenessMs }]];
}

function textOf(definition: PipelineDefinition): string {
  const topic = definition.kind === 'windowedAggregate' ? 'millrace.facts' : 'millrace.events';
  return flinkSql(definition, { topic, brokers: BROKERS, idleMs: idleAfterMs() });
}
