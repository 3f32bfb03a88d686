'use client';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { toast } from '@/components/ui/toast';
import { CONTACT_CHANNELS, type ContactChannel } from '@/server/use-cases/context-standing.schema';
import type { EscalationPlan as Plan } from '@/server/use-cases/escalation.schema';
import { EscalationSteps, type StepDraft } from './escalation-steps';
import styles from './settings.module.css';

/** When a wait that nobody has taken is raised, and to whom. */
export function EscalationPlan({ known }: { known: Plan | undefined }) {
  const trpc = useTRPC();
  const plan = useQuery(trpc.escalations.plan.queryOptions(undefined, { initialData: known }));
  return (
    <Pane title="Escalations" note="of waits that nobody has taken" className={styles.narrow}>
      {plan.isPending && <SkeletonLines lines={4} />}
      {plan.isError && <ErrorState compact onRetry={() => plan.refetch()} />}
      {plan.data && <PlanForm plan={plan.data} />}
    </Pane>
  );
}

type Draft = Record<ContactChannel, readonly StepDraft[]>;
type Problems = Partial<Record<ContactChannel, Record<string, string>>>;

const draftOf = (plan: Plan): Draft => ({
  chat: plan.chat.map((step, key) => ({ key, ...step })),
  call: plan.call.map((step, key) => ({ key, ...step })),
});

const planOf = (draft: Draft) =>
  Object.fromEntries(
    CONTACT_CHANNELS.map((channel) => [channel, draft[channel].map(({ percent, to }) => ({ percent, to }))]),
  );

function PlanForm({ plan }: { plan: Plan }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const sla = useQuery(trpc.queue.sla.queryOptions());
  const [draft, setDraft] = useState(() => draftOf(plan));
  const [problems, setProblems] = useState<Problems>({});
  const change = useMutation(
    trpc.escalations.setPlan.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries(trpc.escalations.plan.queryFilter());
        await toast('Saved. It holds for those who wait now, too.', 'good');
      },
    }),
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { escalationPlanSchema } = await import('@/server/use-cases/escalation.schema');
    const parsed = escalationPlanSchema.safeParse(planOf(draft));
    setProblems(parsed.success ? {} : problemsIn(parsed.error.issues));
    if (parsed.success) change.mutate(parsed.data);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {CONTACT_CHANNELS.map((channel) => (
        <EscalationSteps
          key={channel}
          channel={channel}
          allowedSeconds={sla.data?.[channel]}
          steps={draft[channel]}
          problems={problems[channel] ?? {}}
          onChange={(steps) => setDraft((before) => ({ ...before, [channel]: steps }))}
        />
      ))}
      <div className={styles.quiet}>
        Per cent of the time a customer may wait. Raised to the agents’ queue, a wait goes to its top; raised
        to the supervisors, it stands on Operations.
      </div>
      <div>
        <Button type="submit" loading={change.isPending}>
          Save escalations
        </Button>
      </div>
    </form>
  );
}

/** By channel and index of the step. */
function problemsIn(issues: readonly { path: PropertyKey[]; message: string }[]): Problems {
  const problems: Problems = {};
  for (const { path, message } of issues) {
    const [channel, index] = path as [ContactChannel, number];
    problems[channel] = { ...problems[channel], [index]: message };
  }
  return problems;
}
