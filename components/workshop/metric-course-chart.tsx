'use client';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatNumber, formatTime } from '@/components/ui/format';
import styles from './metric-course.module.css';
import type { Card } from './workshop-data';

const HEIGHT_PX = 150;
const AXIS = { fontSize: 11, fill: 'var(--mr-text-3)' };
const MARK = { fontSize: 11, fill: 'var(--mr-text-2)' };

interface MetricCourseChartProps {
  course: NonNullable<Card['metric']>['course'];
  /** the metric's name, for those who hear the chart */
  title: string;
  /** mean before the launch; null: not known */
  baseline: number | null;
  /** ms; null when it lies before the course, or has not been */
  launchedAt: number | null;
}

/** The metric over time; dashed across it what was usual before the launch, upright the launch. Gaps stay gaps. */
export function MetricCourseChart({ course, title, baseline, launchedAt }: MetricCourseChartProps) {
  return (
    <div className={styles.chart} style={{ height: HEIGHT_PX }}>
      <ResponsiveContainer width="100%" height="100%">
        <LineChart
          data={[...course]}
          margin={{ top: 14, right: 8, bottom: 0, left: 0 }}
          title={title}
          accessibilityLayer
        >
          <CartesianGrid stroke="var(--mr-line)" vertical={false} />
          <XAxis
            dataKey="at"
            type="number"
            domain={['dataMin', 'dataMax']}
            tickFormatter={(at: number) => formatTime(at)}
            tick={AXIS}
            stroke="var(--mr-line)"
            minTickGap={40}
          />
          <YAxis
            domain={[
              (low: number) => Math.min(low, baseline ?? low),
              (high: number) => Math.max(high, baseline ?? high),
            ]}
            tickFormatter={formatNumber}
            tick={AXIS}
            stroke="var(--mr-line)"
            width={44}
            tickCount={4}
          />
          <Tooltip
            isAnimationActive={false}
            labelFormatter={(at) => formatTime(Number(at))}
            formatter={(value) => [formatNumber(Number(value)), title]}
            contentStyle={{ background: 'var(--mr-raised)', borderColor: 'var(--mr-line)', fontSize: 12 }}
          />
          {baseline !== null && (
            <ReferenceLine
              y={baseline}
              stroke="var(--mr-second)"
              strokeDasharray="4 3"
              label={{ value: 'baseline', position: 'insideBottomRight', ...MARK }}
            />
          )}
          {launchedAt !== null && (
            <ReferenceLine
              x={launchedAt}
              stroke="var(--mr-green)"
              label={{ value: 'launch', position: 'top', ...MARK }}
            />
          )}
          <Line
            dataKey="value"
            stroke="var(--mr-accent)"
            strokeWidth={1.5}
            dot={false}
            isAnimationActive={false}
            connectNulls={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
