'use client';
import { Button, Group, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { StatusBadge } from '@/components/ui/status-badge';
import { DO_NOT_SELL_PURPOSES, isNotSold } from '@/server/privacy/do-not-sell.schema';
import { PURPOSE_WORDS } from '@/server/privacy/purpose.schema';
import { effectWords } from './effect-words';
import styles from './privacy.module.css';
import type { ConsentCard } from './privacy-data';

const DENIES = DO_NOT_SELL_PURPOSES.map((purpose) => PURPOSE_WORDS[purpose].title).join(' and ');

interface DoNotSellProps {
  card: ConsentCard;
  canChange: boolean;
  onDone: () => void;
}

/** Whether the customer is on record as not to be sold or shared, and the way to put them on it. */
export function DoNotSell({ card, canChange, onDone }: DoNotSellProps) {
  const trpc = useTRPC();
  const [asking, setAsking] = useState(false);
  const deny = useMutation(
    trpc.privacy.doNotSell.mutationOptions({
      onSuccess: () => {
        setAsking(false);
        onDone();
      },
    }),
  );
  const onRecord = isNotSold(card.denied);
  return (
    <>
      <h3 className={styles.sub}>Do Not Sell or Share (California)</h3>
      <div className={styles.purpose}>
        <span className={styles.grow}>
          Denies {DENIES}
          <span className={styles.below}>over all keys of this person, in force at once</span>
        </span>
        <StatusBadge tone={onRecord ? 'good' : 'neutral'}>{onRecord ? 'on record' : 'not asked'}</StatusBadge>
        {canChange && !onRecord && !asking && (
          <Button variant="default" onClick={() => setAsking(true)}>
            Record the request
          </Button>
        )}
      </div>
      {asking && (
        <RequestForm
          busy={deny.isPending}
          onCancel={() => setAsking(false)}
          onSubmit={(reason) => deny.mutate({ customer: card.customer, reason: reason || undefined })}
        />
      )}
      {deny.data && (
        <output className={styles.measured}>
          Not sold or shared after <b>{effectWords(deny.data.effectMs)}</b>: {1 + deny.data.linkedKeys.length}{' '}
          {deny.data.linkedKeys.length === 0 ? 'key' : 'keys'}, {deny.data.enforcementPoints} points of
          enforcement.
        </output>
      )}
    </>
  );
}

interface RequestFormProps {
  busy: boolean;
  onCancel: () => void;
  onSubmit: (reason: string) => void;
}

function RequestForm({ busy, onCancel, onSubmit }: RequestFormProps) {
  const [reason, setReason] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(reason.trim());
      }}
      style={{ padding: '10px 0' }}
    >
      <Textarea
        label="How the customer asked (optional)"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={400}
        autosize
        minRows={2}
        data-autofocus
      />
      <Group mt="sm" justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} color="red">
          Do not sell or share
        </Button>
      </Group>
    </form>
  );
}
