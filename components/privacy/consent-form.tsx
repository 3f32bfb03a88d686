'use client';
import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';
import { PURPOSE_WORDS, type Purpose } from '@/server/privacy/purpose.schema';

interface ConsentFormProps {
  purpose: Purpose;
  optedIn: boolean;
  linkedKeys: number;
  busy: boolean;
  onCancel: () => void;
  onSubmit: (reason: string) => void;
}

const LEAST_REASON = 5;

/** Says what will follow, and asks why. To opt back in needs a reason; to opt out does not. */
export function ConsentForm({ purpose, optedIn, linkedKeys, busy, onCancel, onSubmit }: ConsentFormProps) {
  const [reason, setReason] = useState('');
  const lacking = optedIn && reason.trim().length < LEAST_REASON;
  const keys =
    linkedKeys === 0 ? 'This key' : `This key and ${linkedKeys} linked ${linkedKeys === 1 ? 'key' : 'keys'}`;
  const follows = optedIn
    ? `${keys} may again be used for: ${PURPOSE_WORDS[purpose].plain}.`
    : `${keys}: ${PURPOSE_WORDS[purpose].denied}. It takes effect at once, everywhere.`;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!lacking) onSubmit(reason.trim());
      }}
      style={{ padding: '10px 0' }}
    >
      <p style={{ margin: '0 0 8px' }}>{follows}</p>
      <Textarea
        label={optedIn ? 'How did the customer ask for it?' : 'Why (optional)'}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        required={optedIn}
      />
      <Group mt="sm" justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={lacking} color={optedIn ? undefined : 'red'}>
          {optedIn ? 'Opt back in' : 'Opt out'}
        </Button>
      </Group>
    </form>
  );
}
