'use client';
import { Button } from '@mantine/core';
import { Drawer } from '@/components/ui/drawer';
import { formatDateTime } from '@/components/ui/format';
import { Effect } from './effect';
import { effectWords } from './effect-words';
import styles from './privacy.module.css';
import type { OptOutRequest } from './privacy-data';

interface RequestDrawerProps {
  request: OptOutRequest;
  onClose: () => void;
  onCustomer: (customer: string) => void;
}

/** One request with each point that enforces it, and when it did. */
export function RequestDrawer({ request, onClose, onCustomer }: RequestDrawerProps) {
  const asked = new Date(request.requestedAt).getTime();
  const { linkedKeys } = request;
  return (
    <Drawer opened onClose={onClose} title={request.optedIn ? 'Opted back in' : 'Opt-out'} size={440}>
      <dl className={styles.facts}>
        <dt>Customer</dt>
        <dd className={styles.mono}>{request.customer}</dd>
        <dt>Linked keys</dt>
        <dd className={styles.mono}>{linkedKeys.length > 0 ? linkedKeys.join(', ') : 'none'}</dd>
        <dt>Purpose</dt>
        <dd>{request.purpose}</dd>
        <dt>Who</dt>
        <dd>{request.actorName ?? `API key ${request.actorId}`}</dd>
        <dt>Why</dt>
        <dd>{request.reason ?? 'no reason given'}</dd>
        <dt>Asked</dt>
        <dd>{formatDateTime(asked)}</dd>
        <dt>Time to effect</dt>
        <dd>
          <Effect ms={request.effectMs} />
        </dd>
      </dl>
      <h3 className={styles.sub}>Acknowledgements</h3>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>Point</th>
            <th>Keys</th>
            <th>Version</th>
            <th className={styles.end}>After</th>
          </tr>
        </thead>
        <tbody>
          {request.enforcement.map((point) => (
            <tr key={`${point.point}-${point.version}`}>
              <td>{point.point === 'record' ? 'Consent of record' : `Flags, ${point.point}`}</td>
              <td>{point.keys ?? ''}</td>
              <td>{point.version}</td>
              <td className={styles.end}>{effectWords(new Date(point.at).getTime() - asked)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button mt="lg" variant="default" onClick={() => onCustomer(request.customer)}>
        Consent of this customer
      </Button>
    </Drawer>
  );
}
