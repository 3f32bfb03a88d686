'use client';
import { useDebouncedValue } from '@mantine/hooks';
import { skipToken, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTRPC } from '@/components/api';
import { ConsequencePreview } from '@/components/ui/consequence-preview';
import { formatCount, formatWhole } from '@/components/ui/format';
import { TimeAgo } from '@/components/ui/time-ago';
import { wordsOf } from '@/components/ui/toast';
import type { RuleInput } from '@/server/decisions/rule.schema';
import styles from './rules.module.css';
import type { Trial } from './rules-data';

const TYPING_MS = 600;

interface RuleTrialProps {
  /** null while it has faults: there is nothing to try */
  rule: RuleInput | null;
  children?: ReactNode;
}

/** What the rule would have done in the last hour, redrawn as it is written. */
export function RuleTrial({ rule, children }: RuleTrialProps) {
  const trpc = useTRPC();
  const [typed] = useDebouncedValue(rule, TYPING_MS);
  const trial = useQuery(
    trpc.rules.trial.queryOptions(typed === null ? skipToken : withoutName(typed), {
      placeholderData: (old) => old,
      staleTime: 30_000,
    }),
  );
  const summary = rule === null ? 'Complete the rule to see what it would do.' : wordsOfTrial(trial.data);
  return (
    <ConsequencePreview
      summary={summary}
      loading={trial.isFetching}
      error={trial.error ? wordsOf(trial.error) : null}
      window="last hour, from history"
    >
      {rule !== null && trial.data && <TrialDetail trial={trial.data} />}
      {children}
    </ConsequencePreview>
  );
}

/** What a rule is called changes nothing of what it would do. */
function withoutName({ definition, useCaseId, audienceId }: RuleInput) {
  return { definition, useCaseId, audienceId };
}

function wordsOfTrial(trial: Trial | undefined): ReactNode {
  if (!trial || trial.hits === null) return null;
  const { hits, customers, heldOut } = trial;
  return (
    <>
      Would have fired <b>{formatWhole(hits)}</b> {hits === 1 ? 'time' : 'times'} for{' '}
      <b>{formatWhole(customers)}</b> {customers === 1 ? 'customer' : 'customers'} in the last hour
      {heldOut > 0 && (
        <>
          , <b>{formatWhole(heldOut)}</b> of them held out
        </>
      )}
      {trial.cut && ' (at least: more had happened than was read)'}.
    </>
  );
}

function TrialDetail({ trial }: { trial: Trial }) {
  const most = Math.max(1, ...trial.perFiveMinutes);
  return (
    <div className={styles.trial}>
      <div
        className={styles.bars}
        role="img"
        aria-label={`Firings per five minutes: ${trial.perFiveMinutes.join(', ')}`}
      >
        {trial.perFiveMinutes.map((count, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a slice of time is its place
            key={index}
            style={{ height: `${(count / most) * 100}%` }}
            title={`${count}`}
          />
        ))}
      </div>
      <p className={styles.axis}>
        <span>1 h ago</span>
        <span>{formatCount(trial.eventsRead, 'event')} read</span>
        <span>now</span>
      </p>
      {trial.examples.length > 0 && (
        <ul className={styles.examples}>
          {trial.examples.map(({ at, reason }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: examples have no identity of their own
            <li key={index}>
              {reason} <span className={styles.quiet}>{<TimeAgo at={at} />}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
