import type { Deps } from '@/server/platform/deps';
import type { Fact } from '@/server/streaming/fact';
import type { LogPlace } from '../recovery/archived-log.repository';
import { archivedFacts, type CommitPlace } from '../recovery/archived-outputs.repository';
import { FactSums } from '../recovery/fact-difference';
import type { ComparedFacts } from './equivalence.schema';

/**
 * What a replay published beside what the running build published between the same two commits.
 * @param made used up: what is published already is taken off
 */
export async function compareFacts(
  deps: Pick<Deps, 'db'>,
  place: LogPlace,
  made: FactSums,
  since: CommitPlace,
  upTo: CommitPlace,
): Promise<ComparedFacts> {
  const thisBuild = made.facts().length;
  const running = new FactSums();
  for await (const page of archivedFacts(deps, place, since, upTo)) {
    for (const fact of page) {
      running.add(fact, fact.sign);
      made.add(fact, -fact.sign);
    }
  }
  const differing = made.facts();
  return {
    thisBuild,
    running: running.facts().length,
    different: differing.length,
    kinds: countsByKind(differing),
  };
}

function countsByKind(facts: readonly Fact[]): ComparedFacts['kinds'] {
  const kinds: ComparedFacts['kinds'] = {};
  for (const { kind } of facts) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}
