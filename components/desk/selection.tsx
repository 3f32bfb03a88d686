'use client';
import { Button } from '@mantine/core';
import type { RoomView } from '@/components/live/use-room';
import { Kbd } from '@/components/ui/kbd';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import type { CustomerRoomData } from '@/server/live/customer-room.schema';
import { CardPane } from './card-pane';
import styles from './desk.module.css';
import { LastHour } from './last-hour';
import { NowPane } from './now-pane';
import type { DeskRow } from './queue-order';

interface SelectionProps {
  customer: string | null;
  room: RoomView<CustomerRoomData>;
  row: DeskRow | undefined;
  userId: string;
  isBusy: boolean;
  onTake: () => void;
  onFinish: (outcome: 'helped' | 'notReached' | 'released') => void;
  onReveal: () => void;
  onMask: () => void;
}

/** Middle and right: what happens with the chosen customer, and their card. */
export function Selection(props: SelectionProps) {
  const { customer, room, row, userId, onReveal, onMask } = props;
  if (customer === null) {
    return (
      <>
        <LastHour />
        <EmptyCard>Choose a customer from the queue: J and K move, Enter takes.</EmptyCard>
      </>
    );
  }
  if (room.status === 'refused') {
    return (
      <Pane className={styles.middle} title="Now">
        <ErrorState title="This card is not shown">{room.reason}</ErrorState>
      </Pane>
    );
  }
  if (room.data === null) return <Loading />;
  const { card, contests, viewers, revealed } = room.data;
  if (card === null) {
    return (
      <Pane className={styles.middle} title="Now">
        <EmptyState title="Nobody is known under this key">
          {customer} has sent no event that is kept. The card fills with the first one.
        </EmptyState>
      </Pane>
    );
  }
  return (
    <>
      <div className={styles.middle}>
        {row && <ClaimBar {...props} row={row} />}
        {card.optedOut ? (
          <Pane className={styles.middle} title="Now">
            <EmptyState title="Opted out" icon="privacy">
              This customer opted out: what they do is counted without their key, and nothing of it is shown.
            </EmptyState>
          </Pane>
        ) : (
          <NowPane card={card} contests={contests} stale={room.stale} reason={room.reason} />
        )}
      </div>
      <CardPane
        card={card}
        viewers={viewers}
        revealed={revealed}
        stale={room.stale}
        reason={room.reason}
        userId={userId}
        onReveal={onReveal}
        onMask={onMask}
      />
    </>
  );
}

/** Takes the customer, or ends what was taken. */
function ClaimBar({ row, isBusy, onTake, onFinish }: SelectionProps & { row: DeskRow }) {
  return (
    <div className={styles.claim}>
      <span className={styles.why}>{row.title}</span>
      {!row.claim && (
        <Button size="xs" loading={isBusy} onClick={onTake}>
          Take&nbsp;
          <Kbd keys="Enter" />
        </Button>
      )}
      {row.claim && !row.isMine && <span className={styles.taken}>Taken by {row.claim.name}</span>}
      {row.isMine && (
        <>
          <Button size="xs" loading={isBusy} onClick={() => onFinish('helped')}>
            Helped
          </Button>
          <Button size="xs" variant="default" disabled={isBusy} onClick={() => onFinish('notReached')}>
            Not reached
          </Button>
          <Button size="xs" variant="default" disabled={isBusy} onClick={() => onFinish('released')}>
            Give back
          </Button>
        </>
      )}
    </div>
  );
}

function Loading() {
  return (
    <>
      <Pane className={styles.middle} title="Now">
        <SkeletonLines lines={9} />
      </Pane>
      <Pane className={styles.right} title="Card">
        <SkeletonLines lines={9} />
      </Pane>
    </>
  );
}

function EmptyCard({ children }: { children: string }) {
  return (
    <Pane className={styles.right} title="Card">
      <EmptyState title="No customer chosen" icon="person" compact>
        {children}
      </EmptyState>
    </Pane>
  );
}
