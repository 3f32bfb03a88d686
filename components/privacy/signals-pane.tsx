'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { formatNumber } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { PURPOSE_WORDS } from '@/server/privacy/purpose.schema';
import {
  fieldsOf,
  SIGNAL_KINDS,
  SIGNAL_OUTCOMES,
  SIGNAL_WORDS,
  type SignalKind,
  type SignalOutcome,
} from '@/server/privacy/signals/signal-mapping.schema';
import styles from './privacy.module.css';
import type { SignalsSeen } from './privacy-data';

const SLOW_REFRESH_MS = 30_000;
const OUTCOME_WORDS: Record<SignalOutcome, { title: string; help: string }> = {
  denies: { title: 'Deny', help: 'events whose signal denied something' },
  allows: { title: 'Allow', help: 'events whose signal allowed all it speaks of' },
  ignored: {
    title: 'Ignored',
    help: 'of a version or section not understood, or silent: never read as consent',
  },
  undecodable: { title: 'Undecodable', help: 'broken: never read as consent' },
};

/** Which signals of browsers and consent platforms mean what here, and how many came. */
export function SignalsPane() {
  const trpc = useTRPC();
  const { data, isError, refetch } = useQuery(
    trpc.privacy.signals.queryOptions(undefined, { refetchInterval: SLOW_REFRESH_MS }),
  );
  return (
    <Pane
      title="Signals understood"
      note={`what each denies, and events with it in the last ${data?.hours ?? 24} h`}
      padded={false}
      className={styles.access}
    >
      {isError && !data ? (
        <ErrorState compact onRetry={() => refetch()} />
      ) : data ? (
        <SignalsTable counts={data.counts} />
      ) : (
        <SkeletonLines lines={6} />
      )}
    </Pane>
  );
}

function SignalsTable({ counts }: { counts: SignalsSeen['counts'] }) {
  const countOf = (kind: string, outcome: SignalOutcome) =>
    counts.find((one) => one.kind === kind && one.outcome === outcome)?.count ?? 0;
  return (
    <table className={`${styles.table} ${styles.signals}`}>
      <thead>
        <tr>
          <th>Signal</th>
          <th>What it denies</th>
          {SIGNAL_OUTCOMES.map((outcome) => (
            <th key={outcome} className={styles.end} title={OUTCOME_WORDS[outcome].help}>
              {OUTCOME_WORDS[outcome].title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {SIGNAL_KINDS.map((kind) => (
          <tr key={kind}>
            <td>
              {SIGNAL_WORDS[kind].title}
              <span className={styles.below}>{SIGNAL_WORDS[kind].from}</span>
            </td>
            <td>
              {meaningsOf(kind).map((line) => (
                <span key={line} className={styles.meaning}>
                  {line}
                </span>
              ))}
            </td>
            <Counts of={(outcome) => countOf(kind, outcome)} />
          </tr>
        ))}
        <tr>
          <td>
            Other GPP strings
            <span className={styles.below}>sections and versions that are not understood</span>
          </td>
          <td className={styles.quiet}>nothing, and it allows nothing</td>
          <Counts of={(outcome) => countOf('gpp', outcome)} />
        </tr>
      </tbody>
    </table>
  );
}

function Counts({ of }: { of: (outcome: SignalOutcome) => number }) {
  return SIGNAL_OUTCOMES.map((outcome) => (
    <td key={outcome} className={styles.end}>
      {formatNumber(of(outcome))}
    </td>
  ));
}

/** A line for each of our purposes: what a person refuses by the signal, that denies it. */
function meaningsOf(kind: SignalKind): string[] {
  const byPurposes = Map.groupBy(fieldsOf(kind), ({ denies }) =>
    denies.map((purpose) => PURPOSE_WORDS[purpose].title).join(', '),
  );
  return [...byPurposes].map(
    ([purposes, fields]) => `${purposes}: ${[...new Set(fields.map(({ refuses }) => refuses))].join(' · ')}`,
  );
}
