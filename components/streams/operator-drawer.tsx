'use client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTRPC } from '@/components/api';
import { Drawer } from '@/components/ui/drawer';
import { formatNumber } from '@/components/ui/format';
import { PageLink } from '@/components/ui/page-link';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { TimeAgo } from '@/components/ui/time-ago';
import {
  type LatePolicy,
  type OperatorDefinition,
  type OperatorKey,
  operatorOf,
} from '@/server/processors/topology.schema';
import { downstreamOf } from '@/server/processors/topology-edges.schema';
import { FOLLOWED_SECONDS, type OperatorFigures, RATE_SECONDS } from '@/server/scaling/streams.schema';
import drawer from './drawer.module.css';
import styles from './operator-drawer.module.css';
import { formatBytes, rateWords } from './operator-words';

interface OperatorDrawerProps {
  operatorKey: OperatorKey;
  figures: OperatorFigures | undefined;
  /** events followed in all in the last minute */
  followed: number;
  onClose: () => void;
  onSelect: (key: OperatorKey) => void;
}

/** One operator: what it does, what is measured of it, what hangs on it, and what it could not take. */
export function OperatorDrawer({ operatorKey, figures, followed, onClose, onSelect }: OperatorDrawerProps) {
  const operator = operatorOf(operatorKey);
  return (
    <Drawer opened onClose={onClose} title={operator.name} size={440}>
      <p className={drawer.about}>{operator.about}</p>
      <Measured operator={operator} figures={figures} followed={followed} />
      <h3 className={drawer.title}>A change of it reaches</h3>
      <Downstream operatorKey={operatorKey} onSelect={onSelect} />
      <h3 className={drawer.title}>What it could not take</h3>
      <Errors operator={operator} />
    </Drawer>
  );
}

const LATE_WORDS: Record<LatePolicy, string> = {
  corrects: 'counts all the same, however late',
  sideOutput: 'listed with what it would have changed; nothing published moves',
};

function Measured({
  operator,
  figures,
  followed,
}: {
  operator: OperatorDefinition;
  figures: OperatorFigures | undefined;
  followed: number;
}) {
  const { takes, gives, group, late } = operator;
  const sampled = takes === 'sampled' ? 'share of the followed events, of all' : `last ${RATE_SECONDS} s`;
  const measuredOn =
    figures && figures.followed > 0
      ? `mean of ${formatNumber(figures.followed)} followed events, last ${FOLLOWED_SECONDS} s`
      : `no followed event in the last ${FOLLOWED_SECONDS} s (${formatNumber(followed)} in all)`;
  return (
    <dl className={drawer.facts}>
      <Fact name="Deployed with" value={GROUP_WORDS[group]} />
      <Fact name="Takes" value={rateWords(figures?.takes ?? null)} note={sampled} />
      {gives.length > 0 && (
        <Fact name="Gives" value={rateWords(figures?.gives ?? null)} note={`last ${RATE_SECONDS} s`} />
      )}
      {group === 'main' && (
        <Fact
          name="Time in hand"
          value={figures?.microseconds == null ? '–' : `${formatNumber(figures.microseconds)} µs`}
          note={measuredOn}
        />
      )}
      {figures?.stateBytes != null && (
        <Fact name="Keeps" value={formatBytes(figures.stateBytes)} note="estimated from a sample of states" />
      )}
      {figures?.errors != null && (
        <Fact name="Errors" value={formatNumber(figures.errors)} note={`last ${FOLLOWED_SECONDS} s`} />
      )}
      {late && <Fact name="A late event" value={LATE_WORDS[late]} />}
    </dl>
  );
}

const GROUP_WORDS: Record<OperatorDefinition['group'], string> = {
  door: 'the collector',
  main: 'group main',
  archive: 'group archive',
  metrics: 'group metrics',
  screens: 'the console',
};

function Fact({ name, value, note }: { name: string; value: ReactNode; note?: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {value} {note && <span className={drawer.quiet}>{note}</span>}
      </dd>
    </>
  );
}

function Downstream({ operatorKey, onSelect }: Pick<OperatorDrawerProps, 'operatorKey' | 'onSelect'>) {
  const reached = downstreamOf(operatorKey);
  if (reached.length === 0) return <p className={drawer.quiet}>Nothing: it is the end of the flow.</p>;
  return (
    <ul className={drawer.chips}>
      {reached.map((key) => (
        <li key={key}>
          <button type="button" className={drawer.chip} onClick={() => onSelect(key)}>
            {operatorOf(key).name}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Errors({ operator }: { operator: OperatorDefinition }) {
  const trpc = useTRPC();
  const errors = useQuery(
    trpc.streams.operatorErrors.queryOptions({ operator: operator.key }, { refetchInterval: 10_000 }),
  );
  if (errors.isPending) return <SkeletonLines lines={3} />;
  if (errors.isError) return <ErrorState compact onRetry={() => errors.refetch()} />;
  if (errors.data.length === 0) {
    return (
      <EmptyState icon="check" title="Nothing" compact>
        Records it throws at are skipped, kept as dead letters, and listed here.
      </EmptyState>
    );
  }
  return (
    <ul className={`${drawer.list} ${styles.errors}`}>
      {errors.data.map(({ id, at, detail, messageId }) => (
        <li key={id}>
          <PageLink href={`/dead-letters?letter=${encodeURIComponent(id)}`}>
            {messageId ?? 'no message id'}
          </PageLink>
          <span className={drawer.quiet}>
            <TimeAgo at={at} />
          </span>
          <p>{detail}</p>
        </li>
      ))}
    </ul>
  );
}
