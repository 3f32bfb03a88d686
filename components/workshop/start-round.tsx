'use client';
import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { Modal } from '@/components/ui/modal';
import { wordsOf } from '@/components/ui/toast';
import { MAX_ROUND_CARDS, ROUND_SECONDS } from '@/server/use-cases/round.schema';
import { STAGE_WORDS, STAGES, type Stage } from '@/server/use-cases/use-case-stage.schema';
import styles from './round.module.css';
import type { Card } from './workshop-data';

interface StartRoundProps {
  cards: readonly Card[];
  onClose: () => void;
  onStarted: () => unknown;
}

/** What is not yet decided is judged first. */
const USUAL: ReadonlySet<Stage> = new Set(['idea', 'scored']);
const TIMES = [30, ROUND_SECONDS.usual, 120, 300];

/** Which cards are to be judged together, and how long each. */
export function StartRound({ cards, onClose, onStarted }: StartRoundProps) {
  const trpc = useTRPC();
  const [chosen, setChosen] = useState<readonly string[]>(
    cards
      .filter(({ stage }) => USUAL.has(stage))
      .map(({ id }) => id)
      .slice(0, MAX_ROUND_CARDS),
  );
  const [seconds, setSeconds] = useState<number>(ROUND_SECONDS.usual);
  const start = useMutation(
    trpc.rounds.start.mutationOptions({
      onSuccess: () => {
        onClose();
        return onStarted();
      },
      onError: () => undefined,
    }),
  );
  return (
    <Modal opened onClose={onClose} title="Start a scoring round" size={480}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate({ cards: [...chosen], seconds });
        }}
      >
        <p className={styles.quiet}>
          Everybody who has the Workshop open scores one card at a time. Nobody sees a score before all are
          shown.
        </p>
        <fieldset className={styles.choices}>
          <legend>Cards</legend>
          {cards
            .filter(({ stage }) => stage !== 'retired')
            .toSorted((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage))
            .map(({ id, title, stage }) => (
              <Checkbox
                key={id}
                label={title}
                description={STAGE_WORDS[stage].title}
                checked={chosen.includes(id)}
                onChange={(event) =>
                  setChosen(
                    event.currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id),
                  )
                }
              />
            ))}
        </fieldset>
        <NativeSelect
          label="Time for a card"
          value={String(seconds)}
          onChange={(event) => setSeconds(Number(event.currentTarget.value))}
          data={TIMES.map((time) => ({
            value: String(time),
            label: time < 60 ? `${time} seconds` : `${time / 60} ${time === 60 ? 'minute' : 'minutes'}`,
          }))}
        />
        {start.error && <p className={styles.error}>{wordsOf(start.error)}</p>}
        <div className={styles.lead}>
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button
            type="submit"
            loading={start.isPending}
            disabled={chosen.length === 0 || chosen.length > MAX_ROUND_CARDS}
          >
            Start with {chosen.length} {chosen.length === 1 ? 'card' : 'cards'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
