'use client';
import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTRPC } from '@/components/api';
import { Drawer } from '@/components/ui/drawer';
import { wordsOf } from '@/components/ui/toast';
import { PLATFORMS, platformSchema } from '@/server/identity/key.schema';
import { useSecretDialog } from './secret-dialog';
import styles from './settings.module.css';

export interface SourceRow {
  id: string;
  name: string;
  platform: string | null;
  keyHint: string;
  eventsPerSec: number;
  region: string;
  createdAt: number;
  revokedAt: number | null;
}

const ANY = 'any';
const PLATFORM_OPTIONS = [
  { value: ANY, label: 'Told by the events' },
  ...PLATFORMS.map((platform) => ({ value: platform, label: platform })),
];

/** Adds a source, or changes one. A new one's key is shown once. */
export function SourceForm({ editing, onClose }: { editing: SourceRow | 'new' | null; onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const secret = useSecretDialog();
  const [name, setName] = useState('');
  const [platform, setPlatform] = useState(ANY);
  const [region, setRegion] = useState<string | null>(null);
  const [rate, setRate] = useState<number | string>(50_000);
  const workspace = useQuery(trpc.workspace.get.queryOptions());
  const regions = workspace.data?.regions.map((known) => known.region) ?? [];
  const options = {
    onSuccess: () => queries.invalidateQueries(trpc.sources.list.queryFilter()),
    onError: () => undefined,
  };
  const create = useMutation(trpc.sources.create.mutationOptions(options));
  const change = useMutation(trpc.sources.change.mutationOptions(options));
  const row = editing === 'new' ? null : editing;
  useEffect(() => {
    if (editing === null) return;
    setName(row?.name ?? '');
    setPlatform(row?.platform ?? ANY);
    setRegion(row?.region ?? null);
    setRate(row?.eventsPerSec ?? 50_000);
  }, [editing, row]);
  const failed = create.error ?? change.error;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const form = {
      name,
      platform: platform === ANY ? null : platformSchema.parse(platform),
      eventsPerSec: Number(rate),
    };
    try {
      if (row !== null) await change.mutateAsync({ sourceId: row.id, ...form });
      else {
        const { writeKey } = await create.mutateAsync({ ...form, region: region ?? undefined });
        const about = 'Clients send it as the user of basic auth, with an empty password.';
        secret.show({ title: `Write key of ${name}`, value: writeKey, about });
      }
      onClose();
    } catch {
      // The form shows the reason and keeps what was typed.
    }
  };
  return (
    <>
      <Drawer opened={editing !== null} onClose={onClose} title={row ? `Change ${row.name}` : 'Add a source'}>
        <form className={styles.form} onSubmit={submit}>
          <TextInput
            label="Name"
            description="Such as “Web shop” or “iOS app”."
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={failed ? wordsOf(failed) : undefined}
            maxLength={80}
            required
            withAsterisk={false}
            data-autofocus
          />
          <Select
            label="Platform"
            data={PLATFORM_OPTIONS}
            value={platform}
            allowDeselect={false}
            onChange={(_value, option) => option && setPlatform(option.value)}
          />
          {row === null && (
            <Select
              label="Region"
              description="Where its events are kept and counted, for good. Customers and repeats are known within a region."
              data={regions}
              value={region ?? regions[0] ?? null}
              allowDeselect={false}
              onChange={(_value, option) => option && setRegion(option.value)}
            />
          )}
          <NumberInput
            label="Events per second at most"
            description="Above it the collector answers 429 and clients try again later."
            value={rate}
            onChange={setRate}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            thousandSeparator=","
          />
          <Button type="submit" loading={create.isPending || change.isPending}>
            {row ? 'Save' : 'Add and show its key'}
          </Button>
        </form>
      </Drawer>
      {secret.dialog}
    </>
  );
}
