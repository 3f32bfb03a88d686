'use client';
import { Button, Group, NumberInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { useConfirm } from '@/components/ui/confirm';
import { ConsequencePreview } from '@/components/ui/consequence-preview';
import { formatNumber } from '@/components/ui/format';
import { wordsOf } from '@/components/ui/toast';
import { expiryInput, LEAST_INACTIVE_DAYS } from '@/server/history/state-policy.schema';
import { formatBytes } from './bytes';
import styles from './state.module.css';
import type { ExpiryReport, StateOverview } from './state-data';

type Days = number | string;

const read = (days: Days) => (days === '' ? null : Number(days));

/** After how long state leaves; a dry run over the live state says what that would remove, before it is saved. */
export function ExpiryForm({ policy }: { policy: StateOverview['policy'] }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const mayDo = useMay();
  const { dialog, confirm } = useConfirm();
  const [inactive, setInactive] = useState<Days>(policy.inactiveDays ?? '');
  const [cooldown, setCooldown] = useState<Days>(policy.cooldownDays ?? '');
  const parsed = expiryInput.safeParse({ inactiveDays: read(inactive), cooldownDays: read(cooldown) });
  const form = parsed.success ? parsed.data : policy;
  const isChanged = parsed.success && JSON.stringify(form) !== JSON.stringify(policy);
  const removesNothing = form.inactiveDays === null && form.cooldownDays === null;
  const tried = useQuery({
    ...trpc.state.tryExpiry.queryOptions(form),
    enabled: mayDo('state.write') && parsed.success && !removesNothing,
    staleTime: 10_000,
  });
  const save = useMutation(trpc.state.setExpiry.mutationOptions());
  const errorOf = (field: string) => parsed.error?.issues.find(({ path }) => path[0] === field)?.message;
  const ask = () =>
    confirm({
      title: 'Let state leave by age?',
      loses: removesNothing
        ? 'Nothing leaves by age any more.'
        : `Every ten minutes, from the next run on: ${summaryOf(tried.data)}`,
      verb: 'Save',
      destructive: !removesNothing,
      act: async () => {
        await save.mutateAsync(form);
        await client.invalidateQueries({ queryKey: trpc.state.overview.queryKey() });
      },
    });
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <div className={styles.pair}>
        <NumberInput
          label="Inactive customers, days"
          description={`Silent this long; at least ${LEAST_INACTIVE_DAYS}. Empty: never.`}
          value={inactive}
          onChange={setInactive}
          allowDecimal={false}
          error={errorOf('inactiveDays')}
        />
        <NumberInput
          label="Expired promotions, days"
          description="Cool-downs that old. Empty: never."
          value={cooldown}
          onChange={setCooldown}
          allowDecimal={false}
          error={errorOf('cooldownDays')}
        />
      </div>
      <ConsequencePreview
        summary={removesNothing ? 'Removes nothing: state stays for ever.' : summaryOf(tried.data)}
        loading={tried.isFetching && !tried.data}
        error={tried.isError ? wordsOf(tried.error) : null}
        window="dry run over the live state"
      />
      {mayDo('state.write') && (
        <Group>
          <Button type="submit" disabled={!isChanged}>
            Save policy
          </Button>
          <Button
            variant="default"
            disabled={removesNothing}
            loading={tried.isFetching}
            onClick={() => tried.refetch()}
          >
            Dry run again
          </Button>
        </Group>
      )}
      {dialog}
    </form>
  );
}

/** One sentence with its figures, such as "Removes 41,000 customers (12 MB) and touches 310 active visits." */
function summaryOf(report: ExpiryReport | undefined): string {
  if (report === undefined) return '';
  const { customers, cooldowns } = report;
  const visits = customers.activeVisits + cooldowns.activeVisits;
  const partial =
    report.partitions < report.of ? ` Looked at ${report.partitions} of ${report.of} partitions.` : '';
  return (
    `Removes ${formatNumber(customers.keys)} customers (${formatBytes(customers.bytes)}) and ` +
    `${formatNumber(cooldowns.keys)} cool-downs (${formatBytes(cooldowns.bytes)}), ` +
    `and touches ${formatNumber(visits)} active ${visits === 1 ? 'visit' : 'visits'}.${partial}`
  );
}
