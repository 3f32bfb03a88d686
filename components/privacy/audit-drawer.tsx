'use client';
import { Drawer } from '@/components/ui/drawer';
import { formatDateTime } from '@/components/ui/format';
import styles from './privacy.module.css';
import type { AuditRow } from './privacy-data';

/** One entry in full, with its place in the chain. */
export function AuditDrawer({ row, onClose }: { row: AuditRow; onClose: () => void }) {
  const details = Object.entries(row.details);
  return (
    <Drawer opened onClose={onClose} title={`Entry ${row.seq}: ${row.action}`} size={460}>
      <dl className={styles.facts}>
        <dt>When</dt>
        <dd>{formatDateTime(new Date(row.at).getTime())}</dd>
        <dt>Who</dt>
        <dd>
          {row.actorName ?? row.actorKind} <span className={styles.mono}>{row.actorId}</span>
        </dd>
        <dt>To</dt>
        <dd className={styles.mono}>{row.subject ?? 'nothing in particular'}</dd>
        <dt>Why</dt>
        <dd>{row.reason ?? 'no reason given'}</dd>
        {details.map(([name, value]) => (
          <DetailRow key={name} name={name} value={value} />
        ))}
        <dt>Hash before</dt>
        <dd className={styles.mono}>{row.prevHash}</dd>
        <dt>Hash</dt>
        <dd className={styles.mono}>{row.hash}</dd>
      </dl>
    </Drawer>
  );
}

function DetailRow({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={styles.mono}>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
    </>
  );
}
