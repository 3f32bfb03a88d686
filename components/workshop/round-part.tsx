'use client';
import { Button } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useMay } from '@/components/shell/person';
import { useRound } from './use-round';
import type { Card } from './workshop-data';

const RoundDialog = dynamic(() => import('./round-dialog').then((module) => module.RoundDialog), {
  ssr: false,
});
const StartRound = dynamic(() => import('./start-round').then((module) => module.StartRound), { ssr: false });

/** The button for a round of scoring, and the round itself while one goes on. */
export function RoundPart({ cards }: { cards: readonly Card[] }) {
  const { round, mine, refresh } = useRound();
  const [starting, setStarting] = useState(false);
  // The round somebody left goes on without them; they can come back to it.
  const [left, setLeft] = useState<string | null>(null);
  const canLead = useMay()('useCase.write');
  if (round && left === round.id) {
    return (
      <Button variant="light" onClick={() => setLeft(null)}>
        Back to the scoring round
      </Button>
    );
  }
  return (
    <>
      {canLead && (
        <Button variant="default" onClick={() => setStarting(true)} disabled={cards.length === 0}>
          Scoring round
        </Button>
      )}
      {starting && <StartRound cards={cards} onClose={() => setStarting(false)} onStarted={refresh} />}
      {round && (
        <RoundDialog
          round={round}
          mine={mine}
          card={cards.find(({ id }) => id === round.card.id)}
          onChanged={refresh}
          onLeave={() => setLeft(round.id)}
        />
      )}
    </>
  );
}
