'use client';
import { Button, Menu } from '@mantine/core';
import { useShortcut } from '@/components/shell/shortcuts';
import { formatDuration, zoneName } from './format';
import { Icon } from './icon';
import { RANGE_PRESETS, useTimeRange } from './time-range';
import styles from './time-range-control.module.css';

/** The page's time range, and whether it moves on with the clock. Both live in the address. */
export function TimeRangeControl({ fallback }: { fallback: string }) {
  const range = useTimeRange(fallback, 60_000);
  const preset = RANGE_PRESETS.find((each) => each.key === range.presetKey);
  const toggle = range.live ? range.pause : range.resume;
  useShortcut('.', range.live ? 'Pause the page' : 'Resume live', toggle);
  return (
    <div className={styles.control}>
      <Menu position="bottom-end" width={190}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<Icon name="clock" size={14} />}
            rightSection={<Icon name="down" size={12} />}
          >
            <span suppressHydrationWarning>{preset?.label ?? fixedWords(range)}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {RANGE_PRESETS.map((each) => (
            <Menu.Item
              key={each.key}
              onClick={() => range.setPreset(each.key)}
              rightSection={each.key === range.presetKey ? <Icon name="check" size={14} /> : null}
            >
              {each.label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <button
        type="button"
        className={styles.live}
        data-live={range.live}
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
