import type { PipelineDefinition } from '../pipeline';
import { aggregateSql } from './aggregate-sql';
import { abandonmentSql, patternSql, visitSql } from './customer-sql';
import type { FlinkSource } from './source-tables';
import { sqlComment } from './sql-text';

/** A pipeline as text for Apache Flink's SQL (1.20), a statement a paragraph; what it can not say is said in comments. */
export function flinkSql(pipeline: PipelineDefinition, source: FlinkSource): string {
  return `${[sqlComment(pipeline.name), ...statementsOf(pipeline, source)].join('\n\n')}\n`;
}

function statementsOf(pipeline: PipelineDefinition, source: FlinkSource): string[] {
  switch (pipeline.kind) {
    case 'windowedAggregate':
      return aggregateSql(pipeline, source);
    case 'pattern':
      return patternSql(pipeline, source);
    case 'abandonment':
      return abandonmentSql(pipeline, source);
    case 'visits':
      return visitSql(pipeline, source);
  }
}
