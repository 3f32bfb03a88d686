'use client';
import { Drawer } from '@/components/ui/drawer';
import { formatDateTime, formatNumber } from '@/components/ui/format';
import { StatusBadge } from '@/components/ui/status-badge';
import { optionOf } from '@/server/scaling/choice-options.schema';
import { ASSUMPTION_WORDS, type ChoiceView, type PastFlag } from '@/server/scaling/choice-terms.schema';
import styles from './choices-page.module.css';

/** One decision whole: why, what was compared, what became of its assumptions, and its signature. */
export function ChoiceDrawer({ record, onClose }: { record: ChoiceView; onClose: () => void }) {
  const name = optionOf(record.option)?.name ?? record.option;
  return (
    <Drawer opened onClose={onClose} title={`Decided for ${name}`} size={480}>
      <p>{record.reason}</p>
      <h3 className={styles.drawerTitle}>What was compared</h3>
      <ul className={styles.compared}>
        {record.verdicts.map(({ option, remains, because }) => (
          <li key={option}>
            <b>{optionOf(option)?.name ?? option}</b>{' '}
            <StatusBadge tone={remains ? 'good' : 'neutral'}>{remains ? 'remained' : 'fell out'}</StatusBadge>
            <p className={styles.quiet}>{because.join(' ')}</p>
          </li>
        ))}
      </ul>
      <h3 className={styles.drawerTitle}>What became of its assumptions</h3>
      {record.flags.length === 0 ? (
        <p className={styles.quiet}>None has been exceeded.</p>
      ) : (
        <ul className={styles.compared}>
          {record.flags.map((flag) => (
            <li key={flag.id}>{flagWords(flag)}</li>
          ))}
        </ul>
      )}
      <h3 className={styles.drawerTitle}>Signature</h3>
      <p className={styles.quiet}>
        {record.signedBy}, {formatDateTime(record.signedAt)}.{' '}
        {record.intact
          ? 'What is stored is what was signed.'
          : 'What is stored is no longer what was signed.'}
      </p>
      <code className={styles.hash}>{record.signature}</code>
    </Drawer>
  );
}

function flagWords({ assumption, allowed, worst, startedAt, endedAt }: PastFlag): string {
  const { title, unit } = ASSUMPTION_WORDS[assumption];
  const until = endedAt === null ? 'and still is' : `until ${formatDateTime(endedAt)}`;
  return `${title}: ${formatNumber(worst)} of ${formatNumber(allowed)} ${unit} at worst, from ${formatDateTime(startedAt)} ${until}.`;
}
