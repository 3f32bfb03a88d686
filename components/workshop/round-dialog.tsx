'use client';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { serverNow } from '@/components/live/use-room';
import { useMay } from '@/components/shell/person';
import { formatDuration } from '@/components/ui/format';
import { Modal } from '@/components/ui/modal';
import { useNow } from '@/components/ui/shared-clock';
import { wordsOf } from '@/components/ui/toast';
import type { RoundStep, RoundView } from '@/server/use-cases/round.schema';
import { CardMetric } from './card-metric';
import styles from './round.module.css';
import { RoundResult } from './round-result';
import { NO_SCORE, type ScoreDraft, ScoreFields, scoreOfDraft } from './score-fields';
import type { Card } from './workshop-data';

interface RoundDialogProps {
  round: RoundView;
  mine: ScoreDraft | null;
  /** its evidence, when the board has it */
  card: Card | undefined;
  onChanged: () => unknown;
  onLeave: () => void;
}

/** One card at a time before a dimmed board: its evidence, one's own score, and then everybody's. */
export function RoundDialog({ round, mine, card, onChanged, onLeave }: RoundDialogProps) {
  const title = `Scoring round · card ${round.place} of ${round.of}`;
  return (
    <Modal opened onClose={onLeave} title={title} size={620} closeOnClickOutside={false}>
      <div className={styles.head}>
        <h3 className={styles.title}>{round.card.title}</h3>
        <span className={styles.quiet}>led by {round.leader.name}</span>
      </div>
      {card?.summary && <p className={styles.summary}>{card.summary}</p>}
      {card?.metric && <CardMetric metric={card.metric} />}
      {round.phase === 'open' ? (
        <>
          <Countdown round={round} />
          <OwnScore key={`${round.id}.${round.turn}`} round={round} mine={mine} onChanged={onChanged} />
        </>
      ) : (
        <RoundResult scores={round.scores ?? []} />
      )}
      <Lead round={round} onChanged={onChanged} />
    </Modal>
  );
}

/** Time left and how many have scored; who gave what is told to nobody before the reveal. */
function Countdown({ round }: { round: RoundView }) {
  const now = useNow(500);
  const left = now === 0 ? 0 : Math.max(0, round.endsAt - serverNow());
  return (
    <div className={styles.countdown}>
      <div className={styles.counts}>
        <span role="timer" aria-label="Time left">
          {formatDuration(Math.ceil(left / 1_000) * 1_000)} left
        </span>
        <span aria-live="polite">
          {round.given === 0
            ? 'nobody has scored yet'
            : `${round.given} ${round.given === 1 ? 'person has' : 'people have'} scored`}
        </span>
      </div>
      <span className={styles.track} aria-hidden="true">
        <span className={styles.left} style={{ width: `${Math.min(100, left / 600)}%` }} />
      </span>
    </div>
  );
}

type OwnScoreProps = Pick<RoundDialogProps, 'round' | 'mine' | 'onChanged'>;

function OwnScore({ round, mine, onChanged }: OwnScoreProps) {
  const trpc = useTRPC();
  const canScore = useMay()('useCase.score');
  const [draft, setDraft] = useState(mine ?? NO_SCORE);
  const give = useMutation(
    trpc.rounds.give.mutationOptions({ onSuccess: onChanged, onError: () => undefined }),
  );
  if (!canScore) return null;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        give.mutate({ round: round.id, turn: round.turn, ...draft });
      }}
    >
      <ScoreFields draft={draft} onDraft={setDraft} />
      {give.error && <p className={styles.error}>{wordsOf(give.error)}</p>}
      <div className={styles.row}>
        <span className={styles.quiet}>
          {mine ? `Given: ${scoreOfDraft(mine)} of 100, only you see it` : 'Only you see it until the reveal'}
        </span>
        <Button type="submit" loading={give.isPending}>
          {mine ? 'Change to' : 'Give'} {scoreOfDraft(draft)}
        </Button>
      </div>
    </form>
  );
}

function Lead({ round, onChanged }: Pick<RoundDialogProps, 'round' | 'onChanged'>) {
  const trpc = useTRPC();
  const canLead = useMay()('useCase.write');
  const lead = useMutation(
    trpc.rounds.step.mutationOptions({ onSettled: () => onChanged(), onError: () => undefined }),
  );
  if (!canLead) return null;
  const step = (name: RoundStep) => () => lead.mutate({ round: round.id, turn: round.turn, step: name });
  const isLast = round.place === round.of;
  return (
    <div className={styles.lead}>
      <Button variant="subtle" color="gray" onClick={step('end')}>
        End the round
      </Button>
      {round.phase === 'open' ? (
        <Button variant="default" onClick={step('reveal')} disabled={round.given === 0}>
          Show the scores now
        </Button>
      ) : (
        <>
          <Button variant="default" onClick={step('again')}>
            Score it again
          </Button>
          <Button onClick={step(isLast ? 'end' : 'next')}>{isLast ? 'Finish' : 'Next card'}</Button>
        </>
      )}
    </div>
  );
}
