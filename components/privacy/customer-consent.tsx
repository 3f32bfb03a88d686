'use client';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { Drawer } from '@/components/ui/drawer';
import { PageLink } from '@/components/ui/page-link';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { deniedFor, PURPOSE_WORDS, PURPOSES, type Purpose } from '@/server/privacy/purpose.schema';
import { ConsentForm } from './consent-form';
import { DoNotSell } from './do-not-sell';
import { Effect } from './effect';
import { effectWords } from './effect-words';
import styles from './privacy.module.css';
import type { ConsentCard } from './privacy-data';

interface Asked {
  purpose: Purpose;
  optedIn: boolean;
}

/** What a customer allows, over all keys of the person, and the two ways to change it. */
export function CustomerConsent({ customer, onClose }: { customer: string; onClose: () => void }) {
  const trpc = useTRPC();
  const { data, isError, refetch } = useQuery(trpc.privacy.consent.queryOptions({ customer }));
  return (
    <Drawer opened onClose={onClose} title={<span className={styles.mono}>{customer}</span>} size={480}>
      {isError && !data ? (
        <ErrorState compact onRetry={() => refetch()}>
          The consent of this customer could not be read. Nothing was changed.
        </ErrorState>
      ) : data ? (
        <ConsentBody key={customer} card={data} />
      ) : (
        <SkeletonLines lines={8} />
      )}
    </Drawer>
  );
}

function ConsentBody({ card }: { card: ConsentCard }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const may = useMay();
  const canChange = may('optOut.write');
  const [asked, setAsked] = useState<Asked | null>(null);
  const readAgain = () => {
    void queries.invalidateQueries({ queryKey: trpc.privacy.consent.queryKey() });
    void queries.invalidateQueries({ queryKey: trpc.privacy.optOuts.queryKey() });
  };
  const onSuccess = () => {
    setAsked(null);
    readAgain();
  };
  const optOut = useMutation(trpc.privacy.optOut.mutationOptions({ onSuccess }));
  const optIn = useMutation(trpc.privacy.optIn.mutationOptions({ onSuccess }));
  const measured = asked === null ? (optOut.data ?? optIn.data) : undefined;
  return (
    <>
      <p className={styles.words}>{card.words}</p>
      {may('subject.report') && (
        <p className={styles.words}>
          <PageLink href={`/privacy/report?customer=${encodeURIComponent(card.customer)}`}>
            Report of all that is held
          </PageLink>{' '}
          for a request of access (GDPR, CCPA)
        </p>
      )}
      {measured && (
        <output className={styles.measured}>
          In force everywhere after <b>{effectWords(measured.effectMs)}</b>: {1 + measured.linkedKeys.length}{' '}
          {measured.linkedKeys.length === 0 ? 'key' : 'keys'}, {measured.enforcement.length} points of
          enforcement.
        </output>
      )}
      <h3 className={styles.sub}>Purposes</h3>
      <ul className={styles.purposes}>
        {PURPOSES.map((purpose) => (
          <PurposeLine
            key={purpose}
            purpose={purpose}
            denied={card.denied}
            onAsk={canChange ? (optedIn) => setAsked({ purpose, optedIn }) : undefined}
          />
        ))}
      </ul>
      {asked && (
        <ConsentForm
          key={`${asked.purpose} ${asked.optedIn}`}
          {...asked}
          linkedKeys={card.linkedKeys.length}
          busy={optOut.isPending || optIn.isPending}
          onCancel={() => setAsked(null)}
          onSubmit={(reason) => {
            const input = { customer: card.customer, purpose: asked.purpose };
            optIn.reset();
            optOut.reset();
            if (asked.optedIn) optIn.mutate({ ...input, reason });
            else optOut.mutate({ ...input, reason: reason || undefined });
          }}
        />
      )}
      <DoNotSell card={card} canChange={canChange} onDone={readAgain} />
      {card.signals.length > 0 && <Signals card={card} />}
      <h3 className={styles.sub}>Keys of this person</h3>
      <p className={styles.mono}>{[card.customer, ...card.linkedKeys].join(', ')}</p>
      <h3 className={styles.sub}>Requests</h3>
      {card.requests.length === 0 ? <p className={styles.quiet}>None so far.</p> : <Requests card={card} />}
    </>
  );
}

function Signals({ card }: { card: ConsentCard }) {
  return (
    <>
      <h3 className={styles.sub}>Signals that deny</h3>
      <ul className={styles.purposes}>
        {card.signals.map(({ kind, title, denied, at }) => (
          <li key={kind} className={styles.purpose}>
            <span className={styles.grow}>
              <b>{title}</b>
              <span className={styles.below}>
                {denied.map((purpose) => PURPOSE_WORDS[purpose].title).join(', ')}
              </span>
            </span>
            <TimeAgo at={at} />
          </li>
        ))}
      </ul>
    </>
  );
}

function PurposeLine({
  purpose,
  denied,
  onAsk,
}: {
  purpose: Purpose;
  denied: readonly string[];
  onAsk?: (optedIn: boolean) => void;
}) {
  const own = denied.includes(purpose);
  const refused = deniedFor(denied, purpose);
  const { title, plain } = PURPOSE_WORDS[purpose];
  return (
    <li className={styles.purpose}>
      <span className={styles.grow}>
        <b>{title}</b>
        <span className={styles.below}>{plain}</span>
      </span>
      <StatusBadge tone={refused ? 'bad' : 'good'}>
        {refused ? (own ? 'denied' : 'denied with profiling') : 'allowed'}
      </StatusBadge>
      {onAsk && (own || !refused) && (
        <Button
          variant="default"
          onClick={() => onAsk(own)}
          aria-label={`${own ? 'Opt back in' : 'Opt out'}: ${title}`}
        >
          {own ? 'Opt back in' : 'Opt out'}
        </Button>
      )}
    </li>
  );
}

function Requests({ card }: { card: ConsentCard }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>Wish</th>
          <th>By</th>
          <th>Asked</th>
          <th className={styles.end}>Time to effect</th>
        </tr>
      </thead>
      <tbody>
        {card.requests.map((request) => (
          <tr key={request.id} title={request.reason ?? undefined}>
            <td>
              {request.optedIn ? 'back in' : 'out'}: {request.purpose}
            </td>
            <td>{request.actorName ?? 'a program'}</td>
            <td>
              <TimeAgo at={request.requestedAt} />
            </td>
            <td className={styles.end}>
              <Effect ms={request.effectMs} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
