import type { Deps } from '@/server/platform/deps';
import { STREAM_START } from '@/server/scaling';
import type { OutputRecord } from '@/server/streaming/partition-step';
import type { PartitionSnapshot } from '../snapshots/partition-snapshot';
import type { LogPlace } from './archived-log.repository';
import { archivedFacts, heldPositions } from './archived-outputs.repository';
import type { ReplayOutputs } from './replay-outputs';

/**
 * What a replay published and history lacks: so that totals are those of the events, whatever of the outputs had reached
 * Postgres. Facts are compared by their sums, decisions and late events by their positions, which a replay repeats.
 * @param outputs used up: what is published already is taken off
 * @param upTo where the replay ended; new facts are told apart by it and `at`
 */
export async function missingOutputs(
  deps: Pick<Deps, 'db'>,
  place: LogPlace,
  snapshot: PartitionSnapshot | null,
  { facts: sums, others: made }: ReplayOutputs,
  { upTo, at }: { upTo: string; at: number },
): Promise<OutputRecord[]> {
  const offset = snapshot?.offset.id ?? STREAM_START;
  const published = archivedFacts(deps, place, { offset, sequence: Number(snapshot?.sequence ?? 0) });
  for await (const page of published) for (const fact of page) sums.add(fact, -fact.sign);
  const facts = sums
    .facts()
    .map((fact, index): OutputRecord => ({ o: 'fact', position: `${upTo}/r${at}.${index}`, ...fact }));
  const others: OutputRecord[] = made.filter(({ o }) => o === 'link');
  for (const [kind, table] of [
    ['late', 'late_events'],
    ['decision', 'decisions'],
  ] as const) {
    const ofKind = made.filter((output) => output.o === kind);
    const positions = ofKind.map((output) => ('position' in output ? output.position : ''));
    const held = await heldPositions(deps, table, place, positions);
    others.push(...ofKind.filter((_, index) => !held.has(positions[index] ?? '')));
  }
  return [...others, ...facts];
}
