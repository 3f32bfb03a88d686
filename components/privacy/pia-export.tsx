'use client';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTRPCClient } from '@/components/api';
import { downloadText } from '@/components/ui/csv';
import { Icon } from '@/components/ui/icon';

/** Downloads one assessment as a file that the CNIL's PIA software imports. */
export function PiaExport({ id }: { id: string }) {
  const client = useTRPCClient();
  const save = useMutation({
    mutationFn: () => client.dpia.exportPia.query({ id }),
    onSuccess: ({ name, text }) => downloadText(name, text, 'application/json'),
  });
  return (
    <Button
      variant="default"
      leftSection={<Icon name="download" size={14} />}
      loading={save.isPending}
      onClick={() => save.mutate()}
      title="As last saved, for the PIA software of the CNIL"
    >
      Export for CNIL PIA
    </Button>
  );
}
