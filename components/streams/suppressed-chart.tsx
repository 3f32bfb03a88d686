'use client';
import dynamic from 'next/dynamic';
import { formatDuration } from '@/components/ui/format';
import type { DuplicatesLedger } from '@/server/history/duplicates.schema';

const LiveChart = dynamic(() => import('@/components/charts/live-chart').then((module) => module.LiveChart), {
  ssr: false,
  loading: () => <div style={{ height: HEIGHT_PX }} />,
});
const HEIGHT_PX = 150;

interface SuppressedChartProps {
  ledger: DuplicatesLedger;
  from: number;
  to: number;
  onBrush: (from: number, to: number) => void;
}

/** Suppressed repeats over the span, by steps; a step without any is a zero, since all of them were counted. */
export function SuppressedChart({ ledger, from, to, onBrush }: SuppressedChartProps) {
  const { stepMs } = ledger;
  const counts = new Map(ledger.course.map(({ at, suppressed }) => [at, suppressed]));
  const points = [];
  for (let at = Math.ceil(from / stepMs) * stepMs; at < to; at += stepMs) {
    points.push({ at, value: counts.get(at) ?? 0 });
  }
  return (
    <LiveChart
      label={`Repeats suppressed, per ${formatDuration(stepMs)}`}
      series={[{ label: 'suppressed', unit: 'messages', tone: 'accent', points }]}
      from={from}
      to={to}
      height={HEIGHT_PX}
      onBrush={onBrush}
    />
  );
}
