'use client';
import { formatTime } from '@/components/ui/format';
import { effectWords, PROMISE_MS } from './effect-words';
import type { OptOutRequest } from './privacy-data';
import styles from './strip-plot.module.css';

const WIDTH = 720;
const HEIGHT = 150;
const LEFT = 52;
const BOTTOM = 18;
const TOP = 8;
const DAY_MS = 86_400_000;
const TICKS_MS = [1, 10, 100, 1_000, 10_000];
const [LEAST, MOST] = [1, 20_000];

function y(ms: number): number {
  const share = Math.log(Math.min(MOST, Math.max(LEAST, ms))) / Math.log(MOST);
  return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
}

interface StripPlotProps {
  requests: readonly OptOutRequest[];
  at: number;
  selected: string | null;
  onOpen: (id: string) => void;
}

/** Time to effect of each request over the last day, on a logarithmic scale, with the promise drawn in. */
export function StripPlot({ requests, at, selected, onOpen }: StripPlotProps) {
  const from = at - DAY_MS;
  const x = (time: number) => LEFT + ((time - from) / DAY_MS) * (WIDTH - LEFT - 8);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={styles.plot} aria-hidden="true">
      {TICKS_MS.map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={WIDTH - 8} y1={y(tick)} y2={y(tick)} className={styles.grid} />
          <text x={LEFT - 6} y={y(tick) + 3.5} textAnchor="end" className={styles.label}>
            {effectWords(tick)}
          </text>
        </g>
      ))}
      <line x1={LEFT} x2={WIDTH - 8} y1={y(PROMISE_MS)} y2={y(PROMISE_MS)} className={styles.promise} />
      <text x={LEFT + 2} y={y(PROMISE_MS) - 4} className={styles.promiseWord}>
        promise {effectWords(PROMISE_MS)}
      </text>
      {[0, 6, 12, 18, 24].map((hours) => (
        <text
          key={hours}
          x={x(from + hours * 3_600_000)}
          y={HEIGHT - 4}
          textAnchor={hours === 0 ? 'start' : hours === 24 ? 'end' : 'middle'}
          className={styles.label}
        >
          {hours === 24 ? 'now' : `${24 - hours} h ago`}
        </text>
      ))}
      {requests.map((request) => {
        const time = new Date(request.requestedAt).getTime();
        const open = request.effectMs === null;
        const effect = request.effectMs ?? at - time;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the list below opens the same by keyboard
          <circle
            key={request.id}
            cx={x(time)}
            cy={y(effect)}
            r={request.id === selected ? 6 : 4}
            className={styles.dot}
            data-open={open}
            data-in={request.optedIn}
            data-selected={request.id === selected}
            onClick={() => onOpen(request.id)}
          >
            <title>{`${formatTime(time)}: ${open ? 'not acknowledged' : effectWords(effect)}`}</title>
          </circle>
        );
      })}
    </svg>
  );
}
