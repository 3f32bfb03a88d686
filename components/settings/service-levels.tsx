'use client';
import { Button, NumberInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { toast } from '@/components/ui/toast';
import type { Sla } from '@/server/use-cases/sla.schema';
import styles from './settings.module.css';

const WAITS = [
  ['chat', 'Chat waits'],
  ['call', 'Call waits'],
  ['rule', 'Firing rule waits'],
  ['cart', 'Cart at risk waits'],
] as const;
const CONTEXTS = [
  ['chatContext', 'Context in a chat'],
  ['callContext', 'Context on a call'],
] as const;

/** How long customers may wait for an agent, and how old what the agent knows of them may be. */
export function ServiceLevels({ known }: { known: Sla | undefined }) {
  const trpc = useTRPC();
  const sla = useQuery(trpc.queue.sla.queryOptions(undefined, { initialData: known }));
  return (
    <Pane title="Service levels" note="seconds at most" className={styles.narrow}>
      {sla.isPending && <SkeletonLines lines={4} />}
      {sla.isError && <ErrorState compact onRetry={() => sla.refetch()} />}
      {sla.data && <ServiceLevelForm sla={sla.data} />}
    </Pane>
  );
}

type Draft = Record<keyof Sla, number | string>;

function ServiceLevelForm({ sla }: { sla: Sla }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [form, setForm] = useState<Draft>(sla);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const change = useMutation(
    trpc.queue.setSla.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries(trpc.queue.sla.queryFilter());
        await toast('Saved. It holds for those who wait now, too.', 'good');
      },
    }),
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { slaSchema } = await import('@/server/use-cases/sla.schema');
    const parsed = slaSchema.safeParse(form);
    if (parsed.success) {
      setProblems({});
      return change.mutate(parsed.data);
    }
    setProblems(
      Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message])),
    );
  };
  const field = ([name, label]: readonly [keyof Sla, string]) => (
    <NumberInput
      key={name}
      label={label}
      value={form[name]}
      error={problems[name]}
      min={1}
      max={86_400}
      allowDecimal={false}
      onChange={(value) => setForm((before) => ({ ...before, [name]: value }))}
    />
  );
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.pairs}>{[...WAITS, ...CONTEXTS].map(field)}</div>
      <div className={styles.quiet}>
        Context is as old as the oldest event of the customer’s partition that is not processed yet.
      </div>
      <div>
        <Button type="submit" loading={change.isPending}>
          Save service levels
        </Button>
      </div>
    </form>
  );
}
