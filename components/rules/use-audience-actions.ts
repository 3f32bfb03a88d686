import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useConfirm } from '@/components/ui/confirm';
import { formatCount } from '@/components/ui/format';
import { toast, wordsOf } from '@/components/ui/toast';
import type { AudienceInput } from '@/server/decisions/audience.schema';
import type { Audience } from './rules-data';

/** Saves and removes an audience, and says what came of it. What the server refuses stays in the form, with its words. */
export function useAudienceActions(audience: Audience | null, onDone: () => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { confirm, dialog } = useConfirm();
  const done = async (words: string) => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: trpc.audiences.pathKey() }),
      queries.invalidateQueries({ queryKey: trpc.rules.list.queryKey() }),
    ]);
    onDone();
    await toast(words, 'good');
  };
  const create = useMutation(
    trpc.audiences.create.mutationOptions({
      onSuccess: () => done('Saved. Rules can be for it now.'),
      onError: () => undefined,
    }),
  );
  const update = useMutation(
    trpc.audiences.update.mutationOptions({
      onSuccess: ({ version, rules }) =>
        done(
          rules === 0
            ? `Saved as version ${version}`
            : `Saved as version ${version}; ${formatCount(rules, 'rule')} follow${rules === 1 ? 's' : ''}`,
        ),
      onError: () => undefined,
    }),
  );
  const remove = useMutation(
    trpc.audiences.remove.mutationOptions({
      onSuccess: () => done('The audience is removed.'),
      onError: () => undefined,
    }),
  );
  const failed = create.error ?? update.error ?? remove.error;
  return {
    dialog,
    error: failed && wordsOf(failed),
    saving: create.isPending || update.isPending,
    save: (input: AudienceInput) =>
      audience
        ? update.mutate({ ...input, id: audience.id, version: audience.version })
        : create.mutate(input),
    askRemove: () =>
      audience &&
      confirm({
        title: `Remove “${audience.name}”?`,
        loses: 'Its condition is lost. Versions of rules that were for it keep theirs.',
        verb: 'Remove it',
        destructive: true,
        act: () => remove.mutateAsync({ id: audience.id }),
      }),
  };
}
