'use client';
import type { ReactNode } from 'react';
import { Drawer } from '@/components/ui/drawer';
import { formatCount, formatDateTime, formatNumber } from '@/components/ui/format';
import { StatusBadge } from '@/components/ui/status-badge';
import type {
  ComparedPartition,
  ComparedStates,
  EquivalenceReport,
} from '@/server/history/equivalence/equivalence.schema';
import { formatMs } from './bytes';
import drawer from './drawer.module.css';
import { factsInWords, statesInWords, VERDICTS, verdictInWords } from './equivalence-words';
import styles from './modules-page.module.css';

/** One report: from which build to which, and every compared partition. */
export function EquivalenceDrawer({ report, onClose }: { report: EquivalenceReport; onClose: () => void }) {
  const { tone, word } = VERDICTS[report.verdict];
  return (
    <Drawer opened onClose={onClose} title="Would the next build do the same?" size={560}>
      <p className={drawer.about}>
        <StatusBadge tone={tone}>{word}</StatusBadge> {verdictInWords(report)}
      </p>
      <dl className={drawer.facts}>
        <dt>Running</dt>
        <dd>
          {report.fromVersions.length === 0 ? 'no worker told its build' : report.fromVersions.join(', ')}
        </dd>
        <dt>To be deployed</dt>
        <dd>{report.toVersion}</dd>
        <dt>Made</dt>
        <dd>
          {formatDateTime(report.madeAt)}, by {report.madeBy}
        </dd>
        <dt>Sample</dt>
        <dd>
          {formatCount(report.partitions.length, 'partition')}: half of them the busiest, half drawn by seed{' '}
          {report.seed}
        </dd>
      </dl>
      <h3 className={drawer.title}>Partitions</h3>
      {report.partitions.length === 0 && <p className={drawer.quiet}>None has held a record yet.</p>}
      <ul className={drawer.list}>
        {report.partitions.map((one) => (
          <Partition key={`${one.shardId}.${one.partition}`} compared={one} />
        ))}
      </ul>
    </Drawer>
  );
}

function Partition({ compared }: { compared: ComparedPartition }) {
  const { partition, region, drawn, verdict, reason, states, facts, snapshotAt } = compared;
  const { tone, word } = VERDICTS[verdict];
  return (
    <li className={styles.compared}>
      <div className={styles.comparedHead}>
        <b>
          Partition {partition}, {region}
        </b>
        <StatusBadge tone={tone}>{word}</StatusBadge>
        <span className={drawer.quiet}>{drawn === 'busy' ? 'one of the busiest' : 'drawn by the seed'}</span>
      </div>
      {reason && <p className={drawer.about}>{reason}</p>}
      <dl className={drawer.facts}>
        {states && (
          <Row title="Customers">
            {statesInWords(states)}
            <Examples states={states} />
          </Row>
        )}
        {facts && <Row title="Facts">{factsInWords(facts)}</Row>}
        <Pace compared={compared} />
        {snapshotAt !== null && <Row title="Replayed from">the snapshot of {formatDateTime(snapshotAt)}</Row>}
      </dl>
    </li>
  );
}

function Row({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Examples({ states: { examples } }: { states: ComparedStates }) {
  if (examples.length === 0) return null;
  return (
    <ul className={styles.examples} aria-label="Customers who differ">
      {examples.map(({ customer, parts }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: masked keys may be alike, and the list never changes
        <li key={index}>
          <code className={styles.build}>{customer}</code> {parts.join(', ')}
        </li>
      ))}
    </ul>
  );
}

/** Both measured where they run: the one reads history as it goes, the other counts its handlers alone. */
function Pace({ compared: { records, replayMs, runningMsPerRecord } }: { compared: ComparedPartition }) {
  if (replayMs === null) return null;
  const pace = replayMs > 0 ? `, ${formatNumber((records * 1_000) / replayMs)}/s with reading history` : '';
  return (
    <>
      <Row title="Speed, next">
        {formatCount(records, 'record')} in {formatMs(replayMs)}
        {pace}
      </Row>
      <Row title="Speed, running">
        {runningMsPerRecord === null
          ? '– nothing came to it in the last seconds'
          : `${formatNumber(1_000 / runningMsPerRecord)}/s, its handlers alone`}
      </Row>
    </>
  );
}
