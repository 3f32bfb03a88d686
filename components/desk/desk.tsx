'use client';
import { useMutation } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTRPC } from '@/components/api';
import { useRoom } from '@/components/live/use-room';
import { usePerson } from '@/components/shell/person';
import { useShortcut } from '@/components/shell/shortcuts';
import { useAddressParam } from '@/components/ui/address';
import { Page } from '@/components/ui/page';
import { toast } from '@/components/ui/toast';
import type { CustomerRoomData } from '@/server/live/customer-room.schema';
import type { QueueRoomData } from '@/server/live/queue-room.schema';
import styles from './desk.module.css';
import { DESK_HELP } from './help';
import { orderQueue } from './queue-order';
import { QueuePane } from './queue-pane';
import { Selection } from './selection';

const RevealDialog = dynamic(() => import('./reveal-dialog').then((module) => module.RevealDialog), {
  ssr: false,
});

/** The agent's first screen: who needs help now and why, what happens, and who it is. */
export function Desk() {
  const { userId } = usePerson();
  const queue = useRoom<QueueRoomData>('queue');
  // Ordering thousands of rows gives way to scrolling and typing.
  const data = useDeferredValue(queue.data);
  const rows = useMemo(() => (data ? orderQueue(data, userId) : []), [data, userId]);
  const [selected, select] = useAddressParam('customer');
  const [revealing, setRevealing] = useState<string | null>(null);
  const customer = selected === '' ? null : selected;
  const room = useRoom<CustomerRoomData>(customer === null ? null : `customer:${customer}`);
  const row = rows.find((each) => each.customer === customer);
  const claims = useClaims();
  const mask = useMask();
  const canReveal = customer !== null && room.data?.card !== null && !room.data?.revealed;

  const move = (by: number) => {
    const at = rows.findIndex((each) => each.customer === customer);
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) select(next.customer);
  };
  const take = () => {
    if (customer !== null && row && !row.claim) claims.take(customer);
  };
  useShortcut('J', 'Next customer in the queue', () => move(1), 'Desk');
  useShortcut('K', 'Previous customer in the queue', () => move(-1), 'Desk');
  useShortcut('Enter', 'Take the customer', take, 'Desk', row !== undefined && !row.claim);
  useShortcut('R', 'Reveal personal data, with a reason', () => setRevealing(customer), 'Desk', canReveal);

  return (
    <Page title="Desk" fill help={DESK_HELP}>
      <div className={styles.panes}>
        <QueuePane
          rows={rows}
          isLoaded={data !== null}
          at={queue.at}
          stale={queue.stale}
          reason={queue.reason}
          selected={customer}
          userId={userId}
          onSelect={select}
        />
        <Selection
          customer={customer}
          room={room}
          row={row}
          userId={userId}
          isBusy={claims.isBusy}
          onTake={take}
          onFinish={(outcome) => customer !== null && claims.finish(customer, outcome)}
          onReveal={() => setRevealing(customer)}
          onMask={() => customer !== null && mask(customer)}
        />
      </div>
      {revealing !== null && <RevealDialog customer={revealing} onClose={() => setRevealing(null)} />}
    </Page>
  );
}

function useClaims() {
  const trpc = useTRPC();
  const take = useMutation(trpc.queue.take.mutationOptions());
  const finish = useMutation(
    trpc.queue.finish.mutationOptions({
      onSuccess: (_, { outcome }) =>
        toast(outcome === 'released' ? 'Back in the queue.' : 'Done; it is on record.'),
    }),
  );
  return {
    isBusy: take.isPending || finish.isPending,
    take: (customer: string) => take.mutate({ customer }),
    finish: (customer: string, outcome: 'helped' | 'notReached' | 'released') =>
      finish.mutate({ customer, outcome }),
  };
}

function useMask() {
  const trpc = useTRPC();
  const mask = useMutation(trpc.customers.mask.mutationOptions());
  return (customer: string) => mask.mutate({ customer });
}
