'use client';
import { Button, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { formatDuration } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { toast } from '@/components/ui/toast';
import type { AppRouter } from '@/server/api/root';
import { EscalationPlan } from './escalation-plan';
import { Regions } from './regions';
import { ServiceLevels } from './service-levels';
import styles from './settings.module.css';
import { SettingsPage } from './settings-page';
import { SupportBundle } from './support-bundle';

const HELP = [
  {
    title: 'Gaps',
    text: 'A visit is events with no silence longer than the visit gap; a cart is abandoned once its last cart event is older than the cart gap.',
  },
  {
    title: 'Lateness',
    text: "An event this far behind its customer's newest one still corrects results; a later one goes to the late list. Results are provisional for as long.",
  },
  {
    title: 'Regions',
    text: 'A region keeps the events and customers of the sources that name it, apart from those of the others. An opt-out holds in all of them. Numbers of the workspace are of all regions together; lag, checkpoints and state are told for each.',
  },
  {
    title: 'Escalations',
    text: 'A chat or call that nobody has taken is raised step by step: after so many per cent of the time a customer may wait, to the top of the agents’ queue or to the people who supervise. At most four steps each, one later than the other; none means that nobody is told. A change holds for those who wait now, too; what was raised stays raised.',
  },
  {
    title: 'Changes',
    text: 'New gaps hold from the next event on. Results that are final stay as they are.',
  },
  {
    title: 'When you need help',
    text: 'The support bundle holds versions, settings, health, figures and the end of the logs, without secrets and without data of customers. Its logs are of all workspaces: only who administers every one of them can take it here. On the machine Millrace runs on, npm run support -- bundle.tar.gz makes the same, also while parts are down.',
  },
];

type Outputs = inferRouterOutputs<AppRouter>;
type Workspace = Outputs['workspace']['get'];

interface WorkspaceSettingsProps {
  /** what the first paint holds already; what is missing is asked for */
  known: { workspace?: Workspace; sla?: Outputs['queue']['sla']; plan?: Outputs['escalations']['plan'] };
}

/** What holds for the whole workspace: its name and gaps, its regions, and how long customers may wait in it. */
export function WorkspaceSettings({ known }: WorkspaceSettingsProps) {
  const trpc = useTRPC();
  const workspace = useQuery(trpc.workspace.get.queryOptions(undefined, { initialData: known.workspace }));
  return (
    <SettingsPage action="workspace.write" help={HELP}>
      <div className={styles.halves}>
        <div className={styles.column}>
          <Pane title="Workspace" className={styles.narrow}>
            {workspace.isPending && <SkeletonLines lines={6} />}
            {workspace.isError && <ErrorState compact onRetry={() => workspace.refetch()} />}
            {workspace.data && <WorkspaceForm workspace={workspace.data} />}
          </Pane>
          {workspace.data && <Regions regions={workspace.data.regions} />}
          <SupportBundle />
        </div>
        <div className={styles.column}>
          <ServiceLevels known={known.sla} />
          <EscalationPlan known={known.plan} />
        </div>
      </div>
    </SettingsPage>
  );
}

function WorkspaceForm({ workspace }: { workspace: Workspace }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const { settings } = workspace;
  const [form, setForm] = useState({
    name: workspace.name,
    currency: workspace.currency,
    timeZone: workspace.timeZone,
    visitGapMinutes: settings.visitGapMs / 60_000,
    cartGapMinutes: settings.cartGapMs / 60_000,
    latenessSeconds: settings.latenessMs / 1_000,
    cardTtlSeconds: settings.cardTtlMs / 1_000,
  });
  const [problems, setProblems] = useState<Record<string, string>>({});
  const change = useMutation(
    trpc.workspace.change.mutationOptions({
      onSuccess: async () => {
        // The rail has the workspace from the page as the server made it.
        router.refresh();
        await queries.invalidateQueries(trpc.workspace.get.queryFilter());
        await toast('Saved. New gaps hold from the next event on.', 'good');
      },
    }),
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { workspaceFormSchema } = await import('@/server/identity/workspace-settings.schema');
    const parsed = workspaceFormSchema.safeParse(form);
    if (parsed.success) {
      setProblems({});
      return change.mutate(parsed.data);
    }
    setProblems(
      Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message])),
    );
  };
  const text = (key: 'name' | 'currency' | 'timeZone') => ({
    value: form[key],
    error: problems[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [key]: value }));
    },
  });
  const number = (key: 'visitGapMinutes' | 'cartGapMinutes' | 'latenessSeconds' | 'cardTtlSeconds') => ({
    value: form[key],
    error: problems[key],
    allowDecimal: false,
    onChange: (value: number | string) => setForm((before) => ({ ...before, [key]: Number(value) })),
  });
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput label="Name" maxLength={80} {...text('name')} />
      <div className={styles.pairs}>
        <TextInput
          label="Currency"
          description="Of the main figures, ISO 4217."
          maxLength={3}
          {...text('currency')}
        />
        <TextInput label="Time zone" description="Such as Europe/Berlin." {...text('timeZone')} />
      </div>
      <div className={styles.grid}>
        <NumberInput label="Visit gap, minutes" min={1} max={1440} {...number('visitGapMinutes')} />
        <NumberInput label="Cart gap, minutes" min={1} max={1440} {...number('cartGapMinutes')} />
        <NumberInput label="Allowed lateness, seconds" min={0} max={86_400} {...number('latenessSeconds')} />
      </div>
      <NumberInput
        label="Cards expire after, seconds"
        description={`A customer’s card greys once nothing has come for ${formatDuration(form.cardTtlSeconds * 1_000)}.`}
        min={1}
        max={31_536_000}
        {...number('cardTtlSeconds')}
      />
      <div>
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
