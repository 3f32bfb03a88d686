'use client';
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { downloadFile } from '@/components/ui/csv';
import { Icon } from '@/components/ui/icon';
import { Pane } from '@/components/ui/pane';
import styles from './settings.module.css';

/** What somebody who helps needs to see of this installation, as a file to take away. */
export function SupportBundle() {
  return (
    <Pane title="Support bundle" note="for somebody who helps" className={styles.narrow}>
      <SupportBundleForm />
    </Pane>
  );
}

function SupportBundleForm() {
  const trpc = useTRPC();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const take = useMutation(
    trpc.support.takeBundle.mutationOptions({
      onSuccess: ({ name, base64 }) => {
        downloadFile(name, bytesOf(base64), 'application/gzip');
        setReason('');
      },
    }),
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { takeBundleSchema } = await import('@/server/observability/support/support-bundle.schema');
    const parsed = takeBundleSchema.safeParse({ reason });
    setProblem(parsed.error?.issues[0]?.message ?? null);
    if (parsed.success) take.mutate(parsed.data);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.quiet}>
        Versions, settings, health, figures, sizes and the end of the logs of the whole installation, without
        secrets and without data of customers. Look through it before you hand it on. Gathering takes up to
        half a minute; it is noted in the audit.
      </div>
      <TextInput
        label="Who asked for it, or why"
        maxLength={300}
        value={reason}
        error={problem}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div>
        <Button
          type="submit"
          variant="default"
          leftSection={<Icon name="download" size={14} />}
          loading={take.isPending}
        >
          Download support bundle
        </Button>
      </div>
    </form>
  );
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
