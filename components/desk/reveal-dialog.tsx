'use client';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { Modal } from '@/components/ui/modal';
import { wordsOf } from '@/components/ui/toast';

const SHORTEST = 5;

/** Asks why personal data has to be seen: the reason is on record before anything is shown. */
export function RevealDialog({ customer, onClose }: { customer: string; onClose: () => void }) {
  const trpc = useTRPC();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const reveal = useMutation(
    trpc.customers.reveal.mutationOptions({
      onSuccess: onClose,
      onError: (error) => setProblem(wordsOf(error)),
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim().length < SHORTEST) setProblem('Say in a few words why you need to see it.');
    else reveal.mutate({ customer, reason: reason.trim() });
  };
  return (
    <Modal opened onClose={onClose} title="Reveal personal data" size="sm">
      <form onSubmit={submit}>
        <Text component="p" mt={0} c="var(--mr-text-2)">
          Names, addresses and numbers of this customer are shown to you for 5 minutes. Who saw them, when and
          why goes on record and to the privacy officer’s screen.
        </Text>
        <TextInput
          label="Reason"
          placeholder="Caller asks to confirm the delivery address"
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
            setProblem(null);
          }}
          error={problem}
          maxLength={300}
          data-autofocus
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Keep it masked
          </Button>
          <Button type="submit" loading={reveal.isPending}>
            Reveal for 5 minutes
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
