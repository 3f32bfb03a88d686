import { formatNumber } from '@/components/ui/format';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units at the precision a person can use: 480 B, 4.21 kB, 42.1 MB. */
export function formatBytes(bytes: number): string {
  const size = Math.abs(bytes);
  const unit = size < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(size) / 3));
  return `${formatNumber(Number((bytes / 1_000 ** unit).toPrecision(3)))} ${UNITS[unit]}`;
}

/** Milliseconds below a second as such, longer spans as people say them. */
export function formatMs(ms: number): string {
  if (ms >= 10_000) return `${formatNumber(Math.round(ms / 1_000))} s`;
  if (ms >= 1_000) return `${formatNumber(Math.round(ms / 100) / 10)} s`;
  return `${formatNumber(Number(ms.toPrecision(3)))} ms`;
}
