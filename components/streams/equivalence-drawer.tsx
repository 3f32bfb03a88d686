'use client';
import { Drawer } from '@/components/ui/drawer';
import { formatCount, formatDateTime, formatNumber } from '@/components/ui/format';
import { StatusBadge } from '@/components/ui/status-badge';
import type { ComparedPartition, EquivalenceReport } from '@/server/history/equivalence/equivalence.schema';
import { formatMs } from './bytes';
import drawer from './drawer.module.css';
import { differingParts, VERDICTS } from './equivalence-words';
import styles from './modules-page.module.css';

/** One report: from which build to which, and every compared partition. */
export function EquivalenceDrawer({ report, onClose }: { report: EquivalenceReport; onClose: () => void }) {
  const { tone, word } = VERDICTS[report.verdict];
  return (
    <Drawer opened onClose={onClose} title="Would the next build do the same?" size={560}>
      <p>
        <StatusBadge tone={tone}>{word}</StatusBadge> <b>{differingParts(report.partitions)}</b>
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
          {formatCount(report.partitions.length, 'partition')}: the busiest half, the rest by seed{' '}
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
  const { shardId, partition, region, drawn, verdict, reason, states, snapshotAt } = compared;
  const { tone, word } = VERDICTS[verdict];
  return (
    <li>
      <b>
        {shardId}.{partition}
      </b>{' '}
      <StatusBadge tone={tone}>{word}</StatusBadge>{' '}
      <span className={drawer.quiet}>
        {region}, {drawn === 'busy' ? 'busy' : 'by seed'}
      </span>
      {reason && <div className={drawer.quiet}>{reason}</div>}
      {states && (
        <div>
          {formatCount(states.customers, 'customer')}, {formatNumber(states.recomputed)} recomputed:{' '}
          {formatNumber(states.equal)} equal, {formatNumber(states.different)} different
        </div>
      )}
      <Differences compared={compared} />
      <Pace compared={compared} />
      {snapshotAt !== null && (
        <div className={drawer.quiet}>from the snapshot of {formatDateTime(snapshotAt)}</div>
      )}
    </li>
  );
}

function Differences({ compared: { states, facts } }: { compared: ComparedPartition }) {
  const parts = Object.entries(states?.parts ?? {});
  const kinds = Object.entries(facts?.kinds ?? {});
  return (
    <>
      {parts.length > 0 && (
        <div>Differs: {parts.map(([part, count]) => `${part} ${formatNumber(count)}`).join(', ')}</div>
      )}
      {facts && (
        <div>
          {formatCount(facts.thisBuild, 'fact')} against {formatNumber(facts.running)} published
          {kinds.length > 0 &&
            `; different: ${kinds.map(([kind, n]) => `${kind} ${formatNumber(n)}`).join(', ')}`}
        </div>
      )}
      {states && states.examples.length > 0 && (
        <ul className={styles.examples} aria-label="Customers who differ">
          {states.examples.map(({ customer, parts: differing }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: masked keys may be alike, and the list never changes
            <li key={index}>
              <code className={styles.build}>{customer}</code> {differing.join(', ')}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Both measured where they run: the one reads history as it goes, the other counts its handlers alone. */
function Pace({ compared: { records, replayMs, runningMsPerRecord } }: { compared: ComparedPartition }) {
  if (replayMs === null) return null;
  const pace = replayMs > 0 ? ` (${formatNumber((records * 1_000) / replayMs)}/s, with the reading)` : '';
  const running =
    runningMsPerRecord === null
      ? 'not measured, nothing came to it'
      : `${formatNumber(1_000 / runningMsPerRecord)}/s in its handlers`;
  return (
    <div className={drawer.quiet}>
      This build: {formatCount(records, 'record')} in {formatMs(replayMs)}
      {pace}; the running build: {running}
    </div>
  );
}
