import type { Deps } from '@/server/platform/deps';
import { STREAM_START } from '@/server/scaling';
import type { Fact } from '@/server/streaming/fact';
import type { OutputRecord } from '@/server/streaming/partition-step';
import type { PartitionSnapshot } from '../snapshots/partition-snapshot';
import type { LogPlace } from './archived-log.repository';
import { archivedFacts, heldPositions } from './archived-outputs.repository';
import { factDifference } from './fact-difference';

type FactOutput = Extract<OutputRecord, { o: 'fact' }>;

/**
 * What a replay published and history lacks: so that totals are those of the events, whatever of the outputs had reached
 * Postgres. Facts are compared by their sums, decisions and late events by their positions, which a replay repeats.
 * @param upTo where the replay ended; new facts are told apart by it and `at`
 */
export async function missingOutputs(
  deps: Pick<Deps, 'db'>,
  place: LogPlace,
  snapshot: PartitionSnapshot | null,
  outputs: readonly OutputRecord[],
  { upTo, at }: { upTo: string; at: number },
): Promise<OutputRecord[]> {
  const offset = snapshot?.offset.id ?? STREAM_START;
  const published = await archivedFacts(deps, place, offset, Number(snapshot?.sequence ?? 0));
  const wanted = outputs.filter((output): output is FactOutput => output.o === 'fact');
  const facts = factDifference(wanted.map(factOf), published).map(
    (fact, index): OutputRecord => ({ o: 'fact', position: `${upTo}/r${at}.${index}`, ...fact }),
  );
  const others: OutputRecord[] = outputs.filter(({ o }) => o === 'link');
  for (const [kind, table] of [
    ['late', 'late_events'],
    ['decision', 'decisions'],
  ] as const) {
    const made = outputs.filter((output) => output.o === kind);
    const positions = made.map((output) => ('position' in output ? output.position : ''));
    const held = await heldPositions(deps, table, place, positions);
    others.push(...made.filter((_, index) => !held.has(positions[index] ?? '')));
  }
  return [...others, ...facts];
}

function factOf({ o: _o, position: _position, ...fact }: FactOutput): Fact {
  return fact;
}
