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
import { formatDuration, formatNumber } from '@/components/ui/format';
import { formatMs } from './bytes';
import styles from './checkpoints.module.css';
import type { CheckpointEstimate } from './state-data';

const AXIS = { fontSize: 11, fill: 'var(--mr-text-3)' };
const MARK = { fontSize: 11, fill: 'var(--mr-text-2)' };
const TITLE = 'Overhead and recovery time by interval';

/** Overhead falls with the interval while recovery grows; the interval in force stands in it. Both axes are logarithmic. */
export function CheckpointCurve({
  curve,
  intervalMs,
}: {
  curve: readonly CheckpointEstimate[];
  intervalMs: number;
}) {
  const points = curve.map((one) => ({
    intervalMs: one.intervalMs,
    overhead: one.overhead * 100,
    recovery: one.recoveryMs / 1_000,
  }));
  return (
    <>
      <ul className={styles.legend}>
        <li>
          <span className={styles.key} data-line="overhead" />
          Overhead, % of one core
        </li>
        <li>
          <span className={styles.key} data-line="recovery" />
          Recovery of the whole Redis, s
        </li>
      </ul>
      <div className={styles.chart}>
        <ResponsiveContainer width="100%" height="100%">
          <LineChart
            data={points}
            margin={{ top: 16, right: 4, bottom: 0, left: 0 }}
            title={TITLE}
            accessibilityLayer
          >
            <CartesianGrid stroke="var(--mr-line)" vertical={false} />
            <XAxis
              dataKey="intervalMs"
              type="number"
              scale="log"
              domain={['dataMin', 'dataMax']}
              ticks={points.map((point) => point.intervalMs)}
              tickFormatter={(ms: number) => formatDuration(ms)}
              tick={AXIS}
              stroke="var(--mr-line)"
              minTickGap={24}
            />
            <YAxis
              yAxisId="overhead"
              scale="log"
              domain={['auto', 'auto']}
              tickFormatter={(share: number) => `${formatNumber(share)} %`}
              tick={AXIS}
              stroke="var(--mr-line)"
              width={58}
            />
            <YAxis
              yAxisId="recovery"
              orientation="right"
              tickFormatter={(seconds: number) => formatMs(seconds * 1_000)}
              tick={AXIS}
              stroke="var(--mr-line)"
              width={58}
            />
            <Tooltip
              isAnimationActive={false}
              labelFormatter={(ms) => `every ${formatDuration(Number(ms))}`}
              formatter={(value, name) =>
                name === 'overhead'
                  ? [`${formatNumber(Number(value))} % of one core`, 'Overhead']
                  : [formatMs(Number(value) * 1_000), 'Recovery']
              }
              contentStyle={{ background: 'var(--mr-raised)', borderColor: 'var(--mr-line)', fontSize: 12 }}
            />
            <ReferenceLine
              yAxisId="overhead"
              x={intervalMs}
              stroke="var(--mr-green)"
              label={{ value: 'now', position: 'top', ...MARK }}
            />
            <Line
              yAxisId="overhead"
              dataKey="overhead"
              stroke="var(--mr-accent)"
              strokeWidth={1.5}
              dot={{ r: 2 }}
              isAnimationActive={false}
            />
            <Line
              yAxisId="recovery"
              dataKey="recovery"
              stroke="var(--mr-amber)"
              strokeDasharray="5 3"
              strokeWidth={1.5}
              dot={{ r: 2, strokeDasharray: 'none' }}
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
    </>
  );
}
