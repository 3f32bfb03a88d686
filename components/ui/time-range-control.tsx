'use client';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useLiveProblem } from '@/components/live/connection';
import { useShortcut } from '@/components/shell/shortcuts';
import { formatDuration, zoneName } from './format';
import { Icon } from './icon';
import { RangeButton } from './range-button';
import { RANGE_PRESETS, useTimeRange } from './time-range';
import styles from './time-range-control.module.css';

/** The menu's code comes when it is first asked for. */
const RangeMenu = dynamic(() => import('./range-menu').then((module) => module.RangeMenu), {
  ssr: false,
  loading: () => <RangeButton words="…" />,
});

/** The page's time range, and whether it moves on with the clock. Both live in the address. */
export function TimeRangeControl({ fallback }: { fallback: string }) {
  const range = useTimeRange(fallback, 60_000);
  const [wanted, setWanted] = useState(false);
  const preset = RANGE_PRESETS.find((each) => each.key === range.presetKey);
  const words = preset?.label ?? fixedWords(range);
  const problem = useLiveProblem();
  const toggle = range.live ? range.pause : range.resume;
  useShortcut('.', range.live ? 'Pause the page' : 'Resume live', toggle);
  return (
    <div className={styles.control}>
      {wanted ? (
        <RangeMenu words={words} current={range.presetKey} onPreset={range.setPreset} />
      ) : (
        <RangeButton words={words} onClick={() => setWanted(true)} />
      )}
      <button
        type="button"
        className={styles.live}
        data-live={range.live}
        data-problem={problem !== null}
        onClick={toggle}
        aria-pressed={!range.live}
        aria-label={range.live ? 'Live. Pause the page' : 'Paused. Resume live'}
      >
        <span className={styles.mark} aria-hidden="true">
          {range.live ? <span className={styles.dot} /> : <Icon name="pause" size={12} />}
        </span>
        {range.live ? 'Live' : 'Paused'}
      </button>
    </div>
  );
}

function fixedWords({ from, to, spanMs, live }: ReturnType<typeof useTimeRange>): string {
  if (live) return `Last ${formatDuration(spanMs)}`;
  const clock = { hour: '2-digit', minute: '2-digit' } as const;
  const day = { day: 'numeric', month: 'short' } as const;
  const long = spanMs > 20 * 3_600_000;
  const one = (at: number) => new Date(at).toLocaleString(undefined, long ? { ...day, ...clock } : clock);
  return `${one(from)} – ${one(to)} ${zoneName(to)}`;
}
