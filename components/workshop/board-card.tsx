'use client';
import type { KeyboardEvent } from 'react';
import { ActionMenu } from '@/components/ui/action-menu';
import { StatusBadge } from '@/components/ui/status-badge';
import { RUNNING_STAGES, STAGE_WORDS, STAGES, type Stage } from '@/server/use-cases/use-case-stage.schema';
import styles from './board.module.css';
import { CardMetric } from './card-metric';
import { ScoreBar } from './score-bar';
import { useDrop } from './use-drop';
import { useEffectFigures } from './use-effect-figures';
import { type Card, signedPercent, signedPoints, VERDICT_WORDS } from './workshop-data';

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const;

interface BoardCardProps {
  card: Card;
  canMove: boolean;
  /** the card that is being dragged */
  dragged: string | null;
  onDrag: (id: string | null) => void;
  onDropBefore: () => void;
  onOpen: () => void;
  onStep: (key: (typeof ARROWS)[number]) => void;
  onMoveTo: (stage: Stage) => void;
}

export function BoardCard(props: BoardCardProps) {
  const { card, canMove, dragged, onDrag, onDropBefore, onOpen, onStep, onMoveTo } = props;
  const { isTarget, handlers } = useDrop(dragged !== null && dragged !== card.id, onDropBefore);
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = ARROWS.find((key) => key === event.key);
    if (!canMove || !event.shiftKey || !arrow) return;
    event.preventDefault();
    onStep(arrow);
  };
  return (
    <article
      className={styles.card}
      draggable={canMove}
      data-movable={canMove}
      data-dragging={dragged === card.id}
      data-target={isTarget}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', card.title);
        onDrag(card.id);
      }}
      onDragEnd={() => onDrag(null)}
      {...handlers}
    >
      <div className={styles.cardHead}>
        <h3 className={styles.cardTitle}>
          <button
            type="button"
            className={styles.open}
            onClick={onOpen}
            onKeyDown={onKeyDown}
            aria-keyshortcuts={
              canMove ? 'Shift+ArrowRight Shift+ArrowLeft Shift+ArrowUp Shift+ArrowDown' : undefined
            }
          >
            {card.title}
          </button>
        </h3>
        {canMove && <MoveMenu card={card} onMoveTo={onMoveTo} />}
      </div>
      {card.metric && <CardMetric metric={card.metric} />}
      <Outcome card={card} />
      {card.score && <ScoreBar score={card.score} />}
      <Blocks card={card} />
    </article>
  );
}

function MoveMenu({ card, onMoveTo }: Pick<BoardCardProps, 'card' | 'onMoveTo'>) {
  return (
    <ActionMenu
      label={`Move “${card.title}”`}
      heading="Move to"
      actions={STAGES.filter((stage) => stage !== card.stage).map((stage) => ({
        label: STAGE_WORDS[stage].title,
        run: () => onMoveTo(stage),
      }))}
    />
  );
}

/** Predicted beside measured, once it is live. */
function Outcome({ card }: { card: Card }) {
  if (card.launchedAt === null || card.predictedChange === null) return null;
  return (
    <p className={styles.outcome}>
      <span>
        predicted <b>{signedPercent(card.predictedChange)}</b>
      </span>
      <span>
        measured{' '}
        {card.measuredChange ? (
          <b>{signedPercent(card.measuredChange.percent)}</b>
        ) : (
          <span
            title={
              card.baseline?.mean == null
                ? 'Not enough history before the launch'
                : 'Too early after the launch'
            }
          >
            – <span className="mr-visually-hidden">unknown</span>
          </span>
        )}
      </span>
      {card.holdoutPercent > 0 && RUNNING_STAGES.has(card.stage) && <AgainstHoldout card={card} />}
    </p>
  );
}

/** The outcome that the metric is about, of those acted on less those held out. */
function AgainstHoldout({ card }: { card: Card }) {
  const { data } = useEffectFigures(card);
  const primary = data?.outcomes.find(({ isPrimary }) => isPrimary);
  if (!primary) return null;
  const { verdict, difference } = primary;
  return (
    <span
      title={`Acted on less held out: ${primary.outcome === 'ordered' ? 'ordered' : 'left a cart behind'}`}
    >
      against the holdout:{' '}
      {verdict === 'unclear' || difference === null ? (
        VERDICT_WORDS.unclear[0]
      ) : (
        <b>
          {signedPoints(difference.value)}, {verdict}
        </b>
      )}
    </span>
  );
}

const BLOCK_WORDS = {
  metric: 'no metric',
  prediction: 'no prediction',
  owner: 'no owner',
  dpia: 'DPIA',
  score: 'no score',
  holdout: 'holdout',
} as const;

function Blocks({ card }: { card: Card }) {
  if (card.gaps.length === 0) return null;
  const running = card.stage === 'live' || card.stage === 'measured';
  return (
    <div className={styles.blocks}>
      {card.gaps.map(({ field, reason }) => (
        <StatusBadge key={field} tone={running ? 'bad' : 'warn'} title={reason}>
          {field === 'dpia' ? reason.replace(/^The DPIA/, 'DPIA').replace(/^No /, 'no ') : BLOCK_WORDS[field]}
        </StatusBadge>
      ))}
    </div>
  );
}
