'use client';
import { Button } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useMay } from '@/components/shell/person';
import { useAddressParam } from '@/components/ui/address';
import { CsvButton } from '@/components/ui/csv-button';
import { Icon } from '@/components/ui/icon';
import { Page } from '@/components/ui/page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { STAGES } from '@/server/use-cases/use-case-stage.schema';
import { Board } from './board';
import { BOARD_COLUMNS } from './board-csv';
import { WORKSHOP_HELP } from './help';
import { RoundPart } from './round-part';
import { useBoard } from './use-board';
import type { Card } from './workshop-data';

const UseCaseDrawer = dynamic(() => import('./use-case-drawer').then((module) => module.UseCaseDrawer), {
  ssr: false,
});
const NewUseCase = dynamic(() => import('./new-use-case').then((module) => module.NewUseCase), {
  ssr: false,
});

const byStage = (cards: readonly Card[]) =>
  STAGES.flatMap((stage) => cards.filter((card) => card.stage === stage));

/** The stakeholder's first screen: every use case by stage, with its metric, its score and what blocks it. */
export function WorkshopScreen() {
  const { board, refresh, move } = useBoard();
  const [selected, setSelected] = useAddressParam('card');
  const [adding, setAdding] = useState(false);
  const canWrite = useMay()('useCase.write');
  const cards = board.data?.cards;
  const open = cards?.find(({ id }) => id === selected);
  const add = canWrite && (
    <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setAdding(true)}>
      New use case
    </Button>
  );
  return (
    <Page
      title="Workshop"
      about="Use cases by stage, each with its evidence"
      help={WORKSHOP_HELP}
      actions={
        <>
          <CsvButton list="use-cases" columns={BOARD_COLUMNS} rows={byStage(cards ?? [])} />
          <RoundPart cards={cards ?? []} />
          {add}
        </>
      }
      fill
    >
      {board.isError && !cards ? (
        <ErrorState onRetry={() => board.refetch()} />
      ) : !cards ? (
        <SkeletonLines lines={8} height={40} />
      ) : cards.length === 0 ? (
        <EmptyState icon="workshop" title="No use case yet" action={add}>
          Write down what you would do for a customer while they are there, and the number it should move.
        </EmptyState>
      ) : (
        <Board cards={cards} canMove={canWrite} onMove={move} onOpen={setSelected} />
      )}
      {open && (
        <UseCaseDrawer
          key={open.id}
          card={open}
          onClose={() => setSelected(null)}
          onChanged={refresh}
          onMove={move}
        />
      )}
      {adding && (
        <NewUseCase
          onClose={(id) => {
            setAdding(false);
            void refresh();
            if (id) setSelected(id);
          }}
        />
      )}
    </Page>
  );
}
