'use client';
import { Accessibility } from '@dnd-kit/dom';
import { DragDropProvider, PointerSensor } from '@dnd-kit/react';
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

/** Columns by stage. A card is moved by pointer, by Shift with the arrow keys, or by its menu. */
export function Board({ cards, canMove, onMove, onOpen }: BoardProps) {
  const [said, setSaid] = useState('');
  const columns = Map.groupBy(cards, ({ stage }) => stage);
  const move = (card: Card, to: Omit<Move, 'id'>) => {
    onMove({ id: card.id, ...to });
    setSaid(`${card.title}: ${STAGE_WORDS[to.stage].title}`);
  };
  const drop = (id: string, target: string) => {
    const card = cards.find((one) => one.id === id);
    const [kind, key] = [target.slice(0, target.indexOf(':')), target.slice(target.indexOf(':') + 1)];
    if (!card || key === id) return;
    if (kind === 'stage') move(card, { stage: key as Stage });
    const before = cards.find((one) => one.id === key);
    if (kind === 'card' && before) move(card, { stage: before.stage, beforeId: before.id });
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
    <DragDropProvider
      sensors={[PointerSensor]}
      // It would make each card one big button; the card has buttons and keys of its own.
      plugins={(defaults) => defaults.filter((plugin) => plugin !== Accessibility)}
      onDragEnd={({ canceled, operation: { source, target } }) => {
        if (!canceled && source && target) drop(String(source.id), String(target.id));
      }}
    >
      <div className={styles.board}>
        {STAGES.map((stage) => (
          <BoardColumn key={stage} stage={stage} count={columns.get(stage)?.length ?? 0}>
            {(columns.get(stage) ?? []).map((card) => (
              <BoardCard
                key={card.id}
                card={card}
                canMove={canMove}
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
    </DragDropProvider>
  );
}
