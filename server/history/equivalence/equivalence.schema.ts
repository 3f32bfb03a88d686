import { z } from 'zod';
import type { FactKind } from '@/server/streaming/fact';

/** A deeper sample takes longer than anybody waits before a cut-over. */
const MOST_PARTITIONS = 64;
export const DEFAULT_PARTITIONS = 8;
const MOST_SEED = 2 ** 31;

/** What the command is asked, as its options. */
export const equivalenceInput = z.strictObject({
  /** compared in each workspace */
  partitions: z.coerce.number().int().min(1).max(MOST_PARTITIONS).default(DEFAULT_PARTITIONS),
  workspace: z.string().min(1).max(200).optional(),
  /** of the part of the sample that is not the busiest */
  seed: z.coerce.number().int().min(0).max(MOST_SEED).default(1),
});

export type Verdict = 'equivalent' | 'differs' | 'notCompared';

/** A customer whom the two builds make something else of. Never a key that can be read: the report is kept and shown. */
export interface DifferingCustomer {
  /** masked */
  customer: string;
  parts: string[];
}

export interface ComparedStates {
  /** customers that either build has in the partition */
  customers: number;
  /** of them, those whom the replayed records concern: the others are as the snapshot had them */
  recomputed: number;
  equal: number;
  different: number;
  /** part of the state → customers in whom it differs */
  parts: Record<string, number>;
  /** the first few */
  examples: DifferingCustomer[];
}

export interface ComparedFacts {
  /** net of what was taken back */
  thisBuild: number;
  running: number;
  different: number;
  kinds: Partial<Record<FactKind, number>>;
}

/** One partition rebuilt by this build beside the state that the running build holds. */
export interface ComparedPartition {
  shardId: number;
  region: string;
  partition: number;
  /** drawn because it is among the busiest, or by the seed */
  drawn: 'busy' | 'seed';
  verdict: Verdict;
  /** why it could not be compared, or why its facts could not; null: all was */
  reason: string | null;
  /** entry of the log both stand at; null: never read */
  offset: string | null;
  /** ms; null: there was none with events behind it */
  snapshotAt: number | null;
  records: number;
  /** of this build, with the reading of history; null: not replayed */
  replayMs: number | null;
  /** handler time of a record in the running build in the last seconds; null: it had nothing to do, or told nothing */
  runningMsPerRecord: number | null;
  states: ComparedStates | null;
  facts: ComparedFacts | null;
}

/** What a build that is to be deployed makes of what the running build holds. */
export interface EquivalenceReport {
  id: string;
  /** ms */
  madeAt: number;
  /** who ran the command, and where */
  madeBy: string;
  /** builds that processed when it was made; empty: no worker told any */
  fromVersions: string[];
  toVersion: string;
  verdict: Verdict;
  seed: number;
  partitions: ComparedPartition[];
}

/** Differs if anything does; nothing compared proves nothing. */
export function verdictOver(partitions: readonly Pick<ComparedPartition, 'verdict'>[]): Verdict {
  const verdicts = new Set(partitions.map(({ verdict }) => verdict));
  if (verdicts.has('differs')) return 'differs';
  return verdicts.has('equivalent') ? 'equivalent' : 'notCompared';
}
