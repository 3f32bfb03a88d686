'use client';
import { Figure, type FigureProps } from '@/components/ui/figure';
import { FigureStrip } from '@/components/ui/figure-strip';
import { formatNumber } from '@/components/ui/format';
import type { Tone } from '@/components/ui/status-badge';
import { LAG_CRITICAL_SECONDS, LAG_WARNING_SECONDS } from '@/server/observability/lag-reading';
import { type MetricKey, metricByKey } from '@/server/observability/metric-catalogue';
import type { CourseMetric, UsualBand } from '@/server/observability/operations.schema';
import type { FiringNow } from './firing-now';
import type { OperationsRoom } from './use-operations';

interface StripProps {
  room: OperationsRoom;
  usual: Partial<Record<MetricKey, UsualBand>> | undefined;
  firing: FiringNow;
  onLag: () => void;
  onAlerts: () => void;
}

/** Five figures that answer "is it all right?". */
export function Strip({ room, usual, firing, onLag, onAlerts }: StripProps) {
  const lag = room.data?.figures.lagSeconds.value ?? null;
  const lagTone = toneOfLag(lag);
  return (
    <FigureStrip label="Is it all right?">
      <MetricFigure metric="eventsPerSecond" room={room} usual={usual} href="#by-platform" />
      <MetricFigure
        metric="lagSeconds"
        room={room}
        usual={usual}
        tone={lagTone}
        toneWord={lagTone === 'bad' ? 'behind' : 'slow'}
        onOpen={onLag}
      />
      <MetricFigure metric="errorsPerMinute" room={room} usual={usual} href="/dead-letters" />
      <MetricFigure metric="cartsAbandoned" room={room} usual={usual} href="#funnel" />
      <AlertFigure firing={firing} onAlerts={onAlerts} />
    </FigureStrip>
  );
}

/** Nothing is said to be quiet that was not read, nor for longer than it can be read again. */
function AlertFigure({ firing, onAlerts }: Pick<StripProps, 'firing' | 'onAlerts'>) {
  const { count, worst, at, failed } = firing;
  const fires = typeof count === 'number' && count > 0;
  return (
    <Figure
      label="Alerts firing"
      value={count}
      unit="now"
      at={at}
      live={failed}
      reason={failed ? 'the alerts cannot be read' : null}
      tone={fires ? worst : 'neutral'}
      toneWord={worst === 'bad' ? 'critical' : 'warning'}
      window={wordsOfAlerts(count)}
      onOpen={onAlerts}
    />
  );
}

function wordsOfAlerts(count: FiringNow['count']): string | undefined {
  if (typeof count !== 'number') return undefined;
  return count > 0 ? 'not yet ended' : 'all quiet';
}

/** A lag's tone; none for an unknown one, which says its reason instead. */
export function toneOfLag(seconds: number | null): Tone {
  if (seconds === null || seconds < LAG_WARNING_SECONDS) return 'neutral';
  return seconds < LAG_CRITICAL_SECONDS ? 'warn' : 'bad';
}

interface MetricFigureProps extends Pick<FigureProps, 'tone' | 'toneWord' | 'href' | 'onOpen'> {
  metric: CourseMetric;
  room: OperationsRoom;
  usual: StripProps['usual'];
}

function MetricFigure({ metric, room, usual, ...rest }: MetricFigureProps) {
  const definition = metricByKey(metric);
  const reading = room.data?.figures[metric];
  const band = usual?.[metric];
  const refused = room.status === 'refused';
  const against = band
    ? `${definition?.window}; usual ${formatNumber(band.low)}–${formatNumber(band.high)}`
    : definition?.window;
  const partly = reading?.reason?.startsWith('counted for');
  return (
    <Figure
      label={definition?.title ?? metric}
      unit={definition?.unit}
      value={refused ? null : reading?.value}
      at={reading?.at ?? null}
      reason={room.stale || refused ? room.reason : reading?.reason}
      window={partly ? (reading?.reason ?? undefined) : against}
      trend={room.data?.courses[metric] ?? []}
      trendReach={metric === 'lagSeconds' ? LAG_WARNING_SECONDS : undefined}
      band={band}
      {...rest}
    />
  );
}
