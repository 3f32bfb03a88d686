'use client';
import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { Drawer } from '@/components/ui/drawer';
import { wordsOf } from '@/components/ui/toast';
import { USUAL_HOLDOUT_PERCENT } from '@/server/use-cases/use-case-stage.schema';
import styles from './drawer.module.css';
import { UseCaseForm } from './use-case-form';

const EMPTY = {
  title: '',
  summary: '',
  metric: null,
  ownerId: null,
  dpiaId: null,
  predictedChange: null,
  holdoutPercent: USUAL_HOLDOUT_PERCENT,
};

/** A new idea: only the title is asked for. */
export function NewUseCase({ onClose }: { onClose: (id: string | null) => void }) {
  const trpc = useTRPC();
  const create = useMutation(
    trpc.useCases.create.mutationOptions({ onSuccess: ({ id }) => onClose(id), onError: () => undefined }),
  );
  return (
    <Drawer opened onClose={() => onClose(null)} title="New use case" size={460}>
      <UseCaseForm
        start={EMPTY}
        submit="Write it down"
        busy={create.isPending}
        error={create.error && <p className={styles.error}>{wordsOf(create.error)}</p>}
        onSubmit={(input) => create.mutate(input)}
      />
    </Drawer>
  );
}
