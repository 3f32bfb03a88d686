'use client';
import { Drawer } from '@/components/ui/drawer';
import { formatDateTime, formatDuration, formatTime } from '@/components/ui/format';
import { PageLink } from '@/components/ui/page-link';
import type { LateEventView, LateFact } from '@/server/history/late-view.schema';
import { factWords } from './late-columns';
import styles from './late-page.module.css';

/** One late event: when it was and came, what stands because of it, and what would have stood. */
export function LateDrawer({ late, onClose }: { late: LateEventView; onClose: () => void }) {
  const { messageId, name, customer, eventAt, loggedAt, latenessMs, published, corrected } = late;
  return (
    <Drawer opened onClose={onClose} title={`${name}, ${formatDuration(latenessMs)} late`} size={440}>
      <dl className={styles.facts}>
        <dt>Happened</dt>
        <dd>{formatDateTime(eventAt)}</dd>
        <dt>Came</dt>
        <dd>{formatDateTime(loggedAt)}</dd>
        <dt>Customer</dt>
        <dd>
          {customer.key === null ? (
            `${customer.label} (masked for your role)`
          ) : (
            <PageLink href={`/desk?customer=${encodeURIComponent(customer.key)}`}>{customer.label}</PageLink>
          )}
        </dd>
        <dt>Message id</dt>
        <dd>
          <PageLink href={`/streams/duplicates?message=${encodeURIComponent(messageId)}`}>
            {messageId}
          </PageLink>
        </dd>
      </dl>
      <div className={styles.beside}>
        <Results title="Published" facts={published} none="No result would have been taken back." />
        <Results title="Would have been" facts={corrected} none="No result would have come of it." />
      </div>
      <p className={styles.quiet}>
        Found by applying the event to a copy of the customer’s state as it was when the event came. Purchases
        are counted all the same and are not listed.
      </p>
    </Drawer>
  );
}

function Results({ title, facts, none }: { title: string; facts: readonly LateFact[]; none: string }) {
  return (
    <section>
      <h3 className={styles.title}>{title}</h3>
      {facts.length === 0 ? (
        <p className={styles.quiet}>{none}</p>
      ) : (
        <ul className={styles.results}>
          {facts.map((fact) => (
            <li key={JSON.stringify(fact)}>
              {factWords(fact)}
              <span className={styles.quiet}> at {formatTime(fact.at)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
