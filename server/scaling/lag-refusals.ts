import type { LagRefusals, RefusalReport } from './lag-refusals.schema';

/** A collector that has told nothing for so long limits nothing any more, ms. */
const TOLD_MS = 4_000;

/** What collectors told lately. */
export function freshReports(reports: readonly RefusalReport[], now: number): RefusalReport[] {
  return reports.filter(({ at }) => now - at <= TOLD_MS);
}

/** Sums up what the collectors of a workspace's shards refuse; null: nothing. One list a shard. */
export function refusalsOf(shards: readonly (readonly RefusalReport[])[], now: number): LagRefusals | null {
  const told = shards
    .map((reports) => freshReports(reports, now))
    .filter((reports) => reports.some(({ since }) => since !== null));
  const all = told.flat();
  const [first] = all;
  if (first === undefined) return null;
  const sum = (of: 'refused' | 'refusedPerSecond' | 'passedPerSecond') =>
    all.reduce((total, report) => total + report[of], 0);
  const perSecond = sum('refusedPerSecond');
  const drains = all.flatMap(({ drainSeconds }) => drainSeconds ?? []);
  return {
    since: Math.min(...all.flatMap(({ since }) => since ?? [])),
    refused: sum('refused'),
    perSecond,
    share: perSecond === 0 ? 0 : perSecond / (perSecond + sum('passedPerSecond')),
    limit: told.reduce((total, reports) => total + Math.max(...reports.map(({ limit }) => limit)), 0),
    drainSeconds: drains.length === 0 ? null : Math.max(...drains),
    behindSeconds: first.behindSeconds,
  };
}
