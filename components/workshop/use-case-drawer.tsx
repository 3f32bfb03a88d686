'use client';
import { Tabs } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { Drawer } from '@/components/ui/drawer';
import { toast, wordsOf } from '@/components/ui/toast';
import { RUNNING_STAGES, STAGE_WORDS } from '@/server/use-cases/use-case-stage.schema';
import styles from './drawer.module.css';
import { Evidence } from './evidence';
import { LaunchPanel } from './launch-panel';
import { ScoreForm } from './score-form';
import { UseCaseForm } from './use-case-form';
import type { Card, Move } from './workshop-data';

interface UseCaseDrawerProps {
  card: Card;
  onClose: () => void;
  onChanged: () => unknown;
  onMove: (move: Move) => void;
}

/** One use case: its evidence, what keeps it from going live, scores, and its definition. */
export function UseCaseDrawer({ card, onClose, onChanged, onMove }: UseCaseDrawerProps) {
  const may = useMay();
  return (
    <Drawer
      opened
      onClose={onClose}
      size={520}
      title={
        <>
          <span className={styles.stage}>{STAGE_WORDS[card.stage].title}</span>
          {card.title}
        </>
      }
    >
      <LaunchPanel card={card} onChanged={onChanged} onMove={onMove} />
      <Tabs defaultValue="evidence" mt="md">
        <Tabs.List mb="md">
          <Tabs.Tab value="evidence">Evidence</Tabs.Tab>
          {may('useCase.score') && <Tabs.Tab value="score">Score</Tabs.Tab>}
          {may('useCase.write') && <Tabs.Tab value="edit">Definition</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="evidence">
          <Evidence card={card} />
        </Tabs.Panel>
        <Tabs.Panel value="score">
          <ScoreForm card={card} onChanged={onChanged} />
        </Tabs.Panel>
        <Tabs.Panel value="edit">
          <EditForm card={card} onChanged={onChanged} />
        </Tabs.Panel>
      </Tabs>
    </Drawer>
  );
}

function EditForm({ card, onChanged }: Pick<UseCaseDrawerProps, 'card' | 'onChanged'>) {
  const trpc = useTRPC();
  const update = useMutation(
    trpc.useCases.update.mutationOptions({
      onSuccess: () => {
        void toast('Saved', 'good');
        return onChanged();
      },
      onError: () => undefined,
    }),
  );
  const start = {
    title: card.title,
    summary: card.summary,
    metric: card.metric?.key ?? null,
    ownerId: card.owner?.id ?? null,
    dpiaId: card.dpia?.id ?? null,
    predictedChange: card.predictedChange,
    holdoutPercent: card.holdoutPercent,
  };
  return (
    <UseCaseForm
      start={start}
      running={RUNNING_STAGES.has(card.stage)}
      submit="Save"
      busy={update.isPending}
      error={update.error && <p className={styles.error}>{wordsOf(update.error)}</p>}
      onSubmit={(input) => update.mutate({ ...input, id: card.id })}
    />
  );
}
