'use client';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { useConfirm } from '@/components/ui/confirm';
import { Pane } from '@/components/ui/pane';
import styles from './settings.module.css';

/** The regions of the workspace, and a way to add one. */
export function Regions({ regions }: { regions: readonly { region: string; partitions: number }[] }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const { dialog, confirm } = useConfirm();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const add = useMutation(
    trpc.workspace.addRegion.mutationOptions({
      onSuccess: () => {
        // The rail has the regions from the page as the server made it.
        router.refresh();
        return queries.invalidateQueries(trpc.workspace.get.queryFilter());
      },
      onError: () => undefined,
    }),
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { regionSchema } = await import('@/server/identity/workspace-settings.schema');
    const parsed = regionSchema.safeParse(name);
    setProblem(parsed.error?.issues[0]?.message);
    if (!parsed.success) return;
    const region = parsed.data;
    confirm({
      title: `Add the region ${region}?`,
      loses:
        'A region cannot be renamed or removed. A customer whose events go to two regions is two customers, each with the visits and carts of one.',
      verb: 'Add the region',
      act: async () => {
        await add.mutateAsync({ region });
        setName('');
      },
    });
  };
  return (
    <Pane title="Regions" className={styles.narrow}>
      <form className={styles.form} onSubmit={submit}>
        <div className={styles.quiet}>
          {regions
            .map(({ region, partitions }) => `Region ${region}: ${partitions} partitions, fixed`)
            .join(' · ')}
        </div>
        <div className={styles.row}>
          <TextInput
            className={styles.grow}
            label="New region"
            description="Such as eu-central. Sources name the one their events go to."
            value={name}
            error={problem}
            maxLength={31}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={name === ''}>
            Add
          </Button>
        </div>
      </form>
      {dialog}
    </Pane>
  );
}
