'use client';
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { useSetAddress } from './address';
import { useNow } from './shared-clock';

export const RANGE_PRESETS = [
  { key: '15m', label: 'Last 15 minutes', ms: 15 * 60_000 },
  { key: '1h', label: 'Last hour', ms: 3_600_000 },
  { key: '6h', label: 'Last 6 hours', ms: 6 * 3_600_000 },
  { key: '24h', label: 'Last 24 hours', ms: 24 * 3_600_000 },
  { key: '7d', label: 'Last 7 days', ms: 7 * 24 * 3_600_000 },
] as const;

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export interface TimeRange {
  /** ms */
  from: number;
  /** ms, exclusive; now while live */
  to: number;
  spanMs: number;
  /** whether the range ends now and moves on */
  live: boolean;
  presetKey: string | null;
  setPreset: (key: string) => void;
  /** an absolute range: what is on the screen then stands still */
  setAbsolute: (from: number, to: number) => void;
  pause: () => void;
  resume: () => void;
}

/** Reads "15m", "6h", "7d" as ms; null for anything else. */
export function spanOf(text: string): number | null {
  const found = /^(\d{1,4})([mhd])$/.exec(text);
  const unit = found && UNITS[found[2] ?? ''];
  return found && unit ? Number(found[1]) * unit : null;
}

function instantOf(text: string | null): number | null {
  if (!text) return null;
  const ms = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}

/**
 * The one time range of a page, kept in the address: `?from=now-1h` is live and moves on; `?from=<ISO>&to=<ISO>`
 * stands still. Pausing writes the present range as fixed instants, so a paused screen can be shared as it is.
 */
export function useTimeRange(fallback: string = '1h', stepMs: number = 1_000): TimeRange {
  const params = useSearchParams();
  const set = useSetAddress();
  const now = useNow(stepMs);
  const fromText = params.get('from');
  const toText = params.get('to');
  return useMemo(() => {
    const from = instantOf(fromText);
    const to = instantOf(toText);
    const fixed = from !== null && to !== null && to > from;
    const key = spanOf((fromText ?? '').replace(/^now-/, ''))
      ? (fromText ?? '').replace(/^now-/, '')
      : fallback;
    const spanMs = fixed ? to - from : (spanOf(key) ?? 3_600_000);
    const range = fixed ? { from, to } : { from: now - spanMs, to: now };
    const setAbsolute = (a: number, b: number) =>
      set({ from: new Date(Math.round(a)).toISOString(), to: new Date(Math.round(b)).toISOString() }, true);
    return {
      ...range,
      spanMs,
      live: !fixed,
      presetKey: fixed ? null : key,
      setPreset: (next: string) => set({ from: next === fallback ? null : `now-${next}`, to: null }, true),
      setAbsolute,
      pause: () => setAbsolute(range.from, range.to),
      resume: () => set({ from: null, to: null }, true),
    };
  }, [fromText, toText, now, fallback, set]);
}
