import type { Group } from './partition-keys';
import type { WorkerVitals } from './worker-vitals';

/** Why a partition is behind. `upstream`: the archive has done all that was processed; `unclear`: nothing stands out. */
export const LAG_CAUSES = [
  'noWorker',
  'upstream',
  'downstream',
  'hotKey',
  'slowHandler',
  'burst',
  'unclear',
] as const;
export type LagCauseKind = (typeof LAG_CAUSES)[number];

/** One reading that a cause was concluded from. */
export interface Evidence {
  label: string;
  value: number;
  unit: string;
}

export interface LagCause {
  kind: LagCauseKind;
  /** one plain sentence */
  words: string;
  evidence: Evidence[];
}

/** A customer who sends much of what a worker has to do. */
export interface HotKey {
  /** as it may be shown; null: of another workspace */
  key: string | null;
  /** `<shard>.<partition>`; null: of another workspace */
  partition: string | null;
  /** of all records that come to the worker, 0…1 */
  shareOfWorker: number;
  perSecond: number;
}

/** The readings of one group on one partition that is behind, as of one moment. */
export interface LagEvidence {
  group: Group;
  /** the partition's name, `<shard>.<partition>` */
  name: string;
  backlog: number;
  /** age of the owner's last heartbeat, ms; null: nobody holds the partition */
  ownerSilentMs: number | null;
  /** live workers of the group */
  workers: number;
  /** of the owner; null: it has told nothing */
  load: WorkerVitals | null;
  /** heaviest customer of the owner; null: none stands out enough to be told */
  hotKey: HotKey | null;
  /** customer events a second of the whole group: coming, done, and coming at other times; null: not known yet */
  arriving: number | null;
  processed: number | null;
  usuallyArriving: number | null;
  /** whether the group has done all that the group before it has */
  caughtUpWithUpstream: boolean;
}

/** An owner that was silent for so long does not work, ms. */
const SILENT_MS = 2_500;
/** A store that one waits for at least so much of the time limits the worker. */
const WAIT_SHARE = 0.5;
const LONG_WAIT_MS = 2_000;
/** A customer who sends so much of what comes to a worker decides how far behind it is. */
const HOT_SHARE = 0.4;
/** A handler is slow at so many times what is usual, or at so much where that was not learned yet. */
const SLOW_TIMES = 3;
const SLOW_MS = 2;
/** A handler that is busy for less of the time holds nobody up. */
const BUSY_SHARE = 0.3;
/** A burst is at least so many times what usually comes. */
const BURST_TIMES = 2;

type Rule = (readings: LagEvidence) => LagCause | null;

/** In this order: each is only looked at where those before have shown nothing, since they would explain it as well. */
const RULES: readonly Rule[] = [noWorker, upstream, downstream, hotKey, slowHandler, burst];

/**
 * Names why a partition is behind, by the evidence of the last seconds. Pure: the same readings name the same cause.
 */
export function lagCauseOf(readings: LagEvidence): LagCause {
  for (const rule of RULES) {
    const cause = rule(readings);
    if (cause) return cause;
  }
  return {
    kind: 'unclear',
    words: 'No single cause stands out in the readings of the last seconds.',
    evidence: rates(readings),
  };
}

function noWorker({ ownerSilentMs, workers, backlog }: LagEvidence): LagCause | null {
  if (ownerSilentMs !== null && ownerSilentMs < SILENT_MS) return null;
  const evidence = [
    { label: 'live workers', value: workers, unit: '' },
    { label: 'backlog of the worst', value: backlog, unit: 'events' },
  ];
  if (ownerSilentMs !== null) evidence.push(seconds('heartbeat is old by', ownerSilentMs));
  const words = workers === 0 ? 'No worker of this group is alive.' : 'No live worker holds this partition.';
  return { kind: 'noWorker', words, evidence };
}

function upstream({ group, caughtUpWithUpstream, backlog }: LagEvidence): LagCause | null {
  if (group !== 'archive' || !caughtUpWithUpstream) return null;
  return {
    kind: 'upstream',
    words: 'The archive has done all that was processed: processing is what is behind.',
    evidence: [{ label: 'backlog of the worst', value: backlog, unit: 'events' }],
  };
}

function downstream({ load }: LagEvidence): LagCause | null {
  if (load === null) return null;
  const { waitsFor, waitShare, waitingMs, failures } = load;
  const waits = waitShare >= WAIT_SHARE && waitShare > load.handlerShare;
  if (!waits && waitingMs < LONG_WAIT_MS && failures === 0) return null;
  const evidence = [{ label: `waiting for ${waitsFor}`, value: percent(waitShare), unit: '% of the time' }];
  if (waitingMs >= LONG_WAIT_MS) evidence.push(seconds('the present wait lasts', waitingMs));
  if (failures > 0) evidence.push({ label: 'attempts given up', value: failures, unit: '' });
  const words =
    failures > 0 || waitingMs >= LONG_WAIT_MS
      ? `${waitsFor} does not answer in time.`
      : `${waitsFor} is slow: the worker mostly waits for it.`;
  return { kind: 'downstream', words, evidence };
}

function hotKey({ name, hotKey: hot }: LagEvidence): LagCause | null {
  if (hot === null || hot.shareOfWorker < HOT_SHARE) return null;
  return {
    kind: 'hotKey',
    words: hotWords(hot, name),
    evidence: [
      { label: 'from this customer', value: percent(hot.shareOfWorker), unit: '% of the worker’s events' },
      { label: 'that is', value: round(hot.perSecond), unit: 'events/s' },
    ],
  };
}

function hotWords({ key, partition }: HotKey, name: string): string {
  if (key === null) return 'The worker is taken up by one customer of another workspace.';
  return partition === name
    ? `One customer, ${key}, sends most of what comes here, and a partition is worked on by one worker.`
    : `The worker is taken up by one customer, ${key}, of partition ${partition}.`;
}

function slowHandler({ load }: LagEvidence): LagCause | null {
  if (load === null || load.msPerEvent === null || load.handlerShare < BUSY_SHARE) return null;
  const { msPerEvent, usualMsPerEvent, handlerShare } = load;
  const limit = usualMsPerEvent === null ? SLOW_MS : usualMsPerEvent * SLOW_TIMES;
  if (msPerEvent < limit) return null;
  const evidence = [
    { label: 'handlers take', value: round(msPerEvent), unit: 'ms an event' },
    { label: 'busy', value: percent(handlerShare), unit: '% of the time' },
  ];
  if (usualMsPerEvent !== null)
    evidence.splice(1, 0, { label: 'usually', value: round(usualMsPerEvent), unit: 'ms an event' });
  return { kind: 'slowHandler', words: 'Handling an event takes much longer than usual.', evidence };
}

function burst(readings: LagEvidence): LagCause | null {
  const { arriving, processed, usuallyArriving } = readings;
  if (arriving === null) return null;
  if (usuallyArriving !== null && arriving >= usuallyArriving * BURST_TIMES)
    return { kind: 'burst', words: 'Far more comes in than usual.', evidence: rates(readings) };
  if (usuallyArriving !== null || processed === null || arriving <= processed) return null;
  return {
    kind: 'burst',
    words: 'More comes in than is processed; what is usual is not known yet.',
    evidence: rates(readings),
  };
}

function rates({ arriving, processed, usuallyArriving }: LagEvidence): Evidence[] {
  const known: [string, number | null][] = [
    ['comes in', arriving],
    ['usually', usuallyArriving],
    ['processed', processed],
  ];
  return known.flatMap(([label, value]) =>
    value === null ? [] : [{ label, value: round(value), unit: 'events/s' }],
  );
}

const seconds = (label: string, ms: number): Evidence => ({ label, value: round(ms / 1_000), unit: 's' });
const percent = (share: number) => Math.round(share * 100);
const round = (value: number) => Number(value.toPrecision(3));
