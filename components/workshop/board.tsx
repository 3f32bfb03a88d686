'use client';
import { useState } from 'react';
import { STAGE_WORDS, STAGES, type Stage } from '@/server/use-cases/use-case-stage.schema';
import styles from './board.module.css';
import { BoardCard } from './board-card';
import { BoardColumn } from './board-column';
import { type Card, type Move, neighbourStage } from './workshop-data';

interface BoardProps {
  cards: readonly Card[];
  canMove: boolean;
  onMove: (move: Move) => void;
  onOpen: (id: string) => void;
}

/** Columns by stage. A card is dragged by the browser's own means, moved by Shift with the arrow keys, or by its menu. */
export function Board({ cards, canMove, onMove, onOpen }: BoardProps) {
  const [said, setSaid] = useState('');
  const [dragged, setDragged] = useState<string | null>(null);
  const columns = Map.groupBy(cards, ({ stage }) => stage);
  const move = (card: Card, to: Omit<Move, 'id'>) => {
    onMove({ id: card.id, ...to });
    setSaid(`${card.title}: ${STAGE_WORDS[to.stage].title}`);
  };
  /** Dropped on a card it goes before that one, dropped beside one to the end of the column. */
  const drop = (stage: Stage, beforeId?: string) => {
    const card = cards.find(({ id }) => id === dragged);
    setDragged(null);
    if (card && beforeId !== card.id) move(card, { stage, beforeId });
  };
  const step = (card: Card, key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown') => {
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const stage = neighbourStage(card.stage, key === 'ArrowRight' ? 1 : -1);
      if (stage) move(card, { stage });
      return;
    }
    const column = columns.get(card.stage) ?? [];
    const at = column.findIndex(({ id }) => id === card.id);
    const before = key === 'ArrowUp' ? column[at - 1] : column[at + 2];
    if (key === 'ArrowUp' ? before : at < column.length - 1)
      move(card, { stage: card.stage, beforeId: before?.id });
  };
  return (
    <>
      <div className={styles.board}>
        {STAGES.map((stage) => (
          <BoardColumn
            key={stage}
            stage={stage}
            count={columns.get(stage)?.length ?? 0}
            dropping={dragged !== null}
            onDrop={() => drop(stage)}
          >
            {(columns.get(stage) ?? []).map((card) => (
              <BoardCard
                key={card.id}
                card={card}
                canMove={canMove}
                dragged={dragged}
                onDrag={setDragged}
                onDropBefore={() => drop(stage, card.id)}
                onOpen={() => onOpen(card.id)}
                onStep={(key) => step(card, key)}
                onMoveTo={(to) => move(card, { stage: to })}
              />
            ))}
          </BoardColumn>
        ))}
      </div>
      <output className="mr-visually-hidden" aria-live="polite">
        {said}
      </output>
    </>
  );
}
