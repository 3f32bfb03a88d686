'use client';
import { Button, Group, Text } from '@mantine/core';
import { Modal } from '@/components/ui/modal';
import type { ConfirmOptions } from './confirm';

interface ConfirmDialogProps {
  asked: ConfirmOptions;
  open: boolean;
  busy: boolean;
  onKeep: () => void;
  onAct: () => void;
}

/** The question, what will be lost, and two buttons; the safe one has the focus. */
export function ConfirmDialog({ asked, open, busy, onKeep, onAct }: ConfirmDialogProps) {
  return (
    <Modal opened={open} onClose={onKeep} title={asked.title} size="sm">
      <Text component="div" c="var(--mr-text-2)">
        {asked.loses}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onKeep} data-autofocus>
          {asked.destructive ? 'Keep it' : 'Cancel'}
        </Button>
        <Button color={asked.destructive ? 'red' : undefined} loading={busy} onClick={onAct}>
          {asked.verb}
        </Button>
      </Group>
    </Modal>
  );
}
