import { toneOfLag } from '@/components/operations/strip';
import { Figure } from '@/components/ui/figure';
import { FigureStrip } from '@/components/ui/figure-strip';
import { formatDuration, formatNumber } from '@/components/ui/format';
import { LAG_WARNING_SECONDS } from '@/server/observability/lag-reading';
import type { LagBoardGroup, LagBoardSnapshot } from '@/server/scaling/lag-board.schema';
import { GROUP_OPTIONS, type LagBoardView } from './use-lag-board';

/** Of each group: its worst lag with its course, where it is going, and the rates behind it. */
export function LagFigures({ board }: { board: LagBoardView }) {
  const { data } = board;
  return (
    <>
      {GROUP_OPTIONS.map(({ value, label }) => (
        <GroupFigures
          key={value}
          label={label}
          group={data?.groups.find(({ group }) => group === value)}
          snapshot={data}
          reason={board.reason}
        />
      ))}
    </>
  );
}

interface GroupFiguresProps {
  label: string;
  group: LagBoardGroup | undefined;
  snapshot: LagBoardSnapshot | null;
  reason: string | null;
}

function GroupFigures({ label, group, snapshot, reason }: GroupFiguresProps) {
  const value = <T,>(known: T | undefined) =>
    group ? (known ?? null) : snapshot?.problem ? null : undefined;
  const at = snapshot?.at ?? null;
  const why = snapshot?.problem ?? group?.reason ?? reason;
  const tone = toneOfLag(group?.lagSeconds ?? null);
  return (
    <FigureStrip label={label}>
      <Figure
        label={`${label}: lag`}
        unit="s"
        window="worst partition"
        value={value(group?.lagSeconds)}
        at={at}
        reason={why}
        trend={group?.course ?? []}
        trendReach={LAG_WARNING_SECONDS}
        tone={tone}
        toneWord={tone === 'bad' ? 'behind' : 'slow'}
      />
      <Figure
        label="Trend"
        unit="s/s"
        window="last 10 s"
        value={value(group?.trend)}
        at={at}
        reason={why ?? 'fewer than two readings so far'}
        format={signed}
      />
      <Outlook group={group} snapshot={snapshot} />
      <Figure
        label="Comes in"
        unit="events/s"
        window="last 5 s"
        value={value(group?.arriving)}
        at={at}
        reason={why ?? 'fewer than two readings so far'}
        against={
          typeof group?.usuallyArriving === 'number'
            ? `last 5 s; usually ${formatNumber(group.usuallyArriving)}`
            : undefined
        }
      />
      <Figure
        label="Processed"
        unit="events/s"
        value={value(group?.processed)}
        at={at}
        reason={why ?? 'fewer than two readings so far'}
        against={
          group ? `last 5 s; ${group.workers} ${group.workers === 1 ? 'worker' : 'workers'}` : undefined
        }
      />
    </FigureStrip>
  );
}

const signed = (value: number) => `${value > 0 ? '+' : ''}${formatNumber(Math.round(value * 100) / 100)}`;

/** Time to breach while the lag grows, else time to drain. */
function Outlook({ group, snapshot }: Pick<GroupFiguresProps, 'group' | 'snapshot'>) {
  const at = snapshot?.at ?? null;
  if (!group) {
    return (
      <Figure label="Time to drain" value={snapshot?.problem ? null : undefined} reason={snapshot?.problem} />
    );
  }
  const backlog = `backlog ${formatNumber(group.backlog)} events`;
  if (group.breachSeconds !== null) {
    return (
      <Figure
        label="Time to breach"
        value={formatDuration(group.breachSeconds * 1_000)}
        at={at}
        tone="warn"
        toneWord="growing"
        against={backlog}
      />
    );
  }
  if (group.backlog === 0) return <Figure label="Time to drain" value="drained" at={at} against={backlog} />;
  return (
    <Figure
      label="Time to drain"
      value={group.drainSeconds === null ? null : formatDuration(group.drainSeconds * 1_000)}
      reason={`not draining; ${backlog}`}
      at={at}
      against={backlog}
    />
  );
}
