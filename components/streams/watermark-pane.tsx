'use client';
import { formatDuration, formatNumber, formatTime } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState } from '@/components/ui/states';
import type { PartitionWatermark, StreamsSnapshot } from '@/server/scaling/streams.schema';
import styles from './watermark-pane.module.css';

/** Event time of every partition, as how far each is behind the newest: the highest column holds the watermark. */
export function WatermarkPane({ watermark }: { watermark: StreamsSnapshot['watermark'] }) {
  const { partitions, at, newest } = watermark;
  const idle = partitions.filter(([, , , , isIdle]) => isIdle === 1).length;
  const held = at === null ? undefined : partitions.find((each) => each[4] === 0 && clockOf(each) === at);
  return (
    <Pane
      title="Which partition holds the watermark back?"
      note={
        partitions.length === 0
          ? undefined
          : `${formatNumber(partitions.length - idle)} of ${formatNumber(partitions.length)} partitions move`
      }
    >
      {partitions.length === 0 || newest === null ? (
        <EmptyState icon="clock" title="No event has come yet" compact>
          A partition has a watermark from its first event on.
        </EmptyState>
      ) : (
        <>
          <Columns partitions={partitions} newest={newest} held={held} />
          <p className={styles.words}>
            {at === null
              ? 'All partitions are idle: windows close by idleness ticks, which are logged.'
              : `Partition ${held?.[1]} is at ${formatTime(at)}, ${formatDuration(newest - at)} behind the newest event. Results before ${formatTime(at - watermark.latenessMs)} are final (allowed lateness ${formatDuration(watermark.latenessMs)}).`}
          </p>
        </>
      )}
    </Pane>
  );
}

const clockOf = ([, , newest, tick]: PartitionWatermark) => Math.max(newest, tick);

interface ColumnsProps {
  partitions: readonly PartitionWatermark[];
  newest: number;
  held: PartitionWatermark | undefined;
}

const HIGHEST = 84;

function Columns({ partitions, newest, held }: ColumnsProps) {
  const behind = partitions.map((each) => Math.max(0, newest - clockOf(each)));
  const most = Math.max(1, ...behind);
  return (
    <div className={styles.columns} role="img" aria-label={inWords(partitions.length, most, held)}>
      {partitions.map((each, index) => {
        const [shardId, partition, , , isIdle] = each;
        // By the root: a second must be seen beside an hour.
        const height = 3 + Math.sqrt((behind[index] ?? 0) / most) * HIGHEST;
        return (
          <span
            key={`${shardId}.${partition}`}
            className={styles.column}
            data-idle={isIdle === 1}
            data-held={each === held}
            style={{ height }}
            title={`Partition ${partition}: ${formatDuration(behind[index] ?? 0)} behind the newest event${isIdle ? ', idle' : ''}`}
          />
        );
      })}
    </div>
  );
}

function inWords(count: number, most: number, held: PartitionWatermark | undefined): string {
  const who = held ? ` Partition ${held[1]} holds the watermark.` : '';
  return `Event time of ${count} partitions; the furthest is ${formatDuration(most)} behind the newest.${who}`;
}
