'use client';
import { useMutation } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay, usePerson } from '@/components/shell/person';
import { StatusBadge } from '@/components/ui/status-badge';
import { toast, wordsOf } from '@/components/ui/toast';
import type { CardTurn } from '@/server/features/card-view.schema';
import type { TurnContest } from '@/server/features/label-contest.schema';
import styles from './transcript.module.css';

const ContestDialog = dynamic(() => import('./contest-dialog').then((module) => module.ContestDialog), {
  ssr: false,
});

interface TurnContestsProps {
  customer: string;
  contactId: string;
  turn: CardTurn;
  /** those of this turn */
  contests: readonly TurnContest[];
}

/** Who contests a turn's label and what it should be, beside the model's; and the way to do so. */
export function TurnContests({ customer, contactId, turn, contests }: TurnContestsProps) {
  const { userId } = usePerson();
  const mayDo = useMay();
  const [isAsking, setAsking] = useState(false);
  const canContest = mayDo('sentiment.contest') && !contests.some((contest) => contest.userId === userId);
  if (contests.length === 0 && !canContest) return null;
  return (
    <span className={styles.contests}>
      {contests.map((contest) => (
        <ContestMark key={contest.id} contest={contest} isOwn={contest.userId === userId} />
      ))}
      {canContest && (
        <button
          type="button"
          className={styles.contest}
          aria-label={`Contest the label of “${turn.text}”`}
          onClick={() => setAsking(true)}
        >
          Contest
        </button>
      )}
      {isAsking && (
        <ContestDialog
          customer={customer}
          contactId={contactId}
          turn={turn}
          onClose={() => setAsking(false)}
        />
      )}
    </span>
  );
}

function ContestMark({ contest, isOwn }: { contest: TurnContest; isOwn: boolean }) {
  const trpc = useTRPC();
  const withdraw = useMutation(
    trpc.sentiment.withdraw.mutationOptions({ onError: (error) => void toast(wordsOf(error), 'bad') }),
  );
  return (
    <span className={styles.contestMark}>
      <StatusBadge tone="warn">
        contested by {isOwn ? 'you' : contest.name}: {contest.label}
      </StatusBadge>
      {contest.reason && <span className={styles.contestReason}>{contest.reason}</span>}
      {isOwn && (
        <button
          type="button"
          className={styles.contest}
          disabled={withdraw.isPending}
          onClick={() => withdraw.mutate({ id: contest.id })}
        >
          Withdraw
        </button>
      )}
    </span>
  );
}
