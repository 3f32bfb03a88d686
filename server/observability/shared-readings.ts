import type { MetricKey, MetricReading } from './metric-catalogue';

/** These follow the screen's own count, which is younger. */
const OWN: ReadonlySet<MetricKey> = new Set(['eventsPerSecond', 'lagSeconds']);
const SHARED_KEPT_MS = 3_000;

const idOf = ({ metric, dimension }: Pick<MetricReading, 'metric' | 'dimension'>) => `${metric} ${dimension}`;

/**
 * Readings of the process that judges thresholds. It never stops counting, so its longer windows are full when a screen
 * has only just been opened, and what a screen shows is what a threshold is compared with.
 */
export class SharedReadings {
  #at = 0;
  #readings = new Map<string, MetricReading>();

  take(shared: { at: number; readings: readonly MetricReading[] } | null): void {
    if (shared === null) return;
    this.#at = shared.at;
    this.#readings = new Map(shared.readings.map((reading) => [idOf(reading), reading]));
  }

  /** The shared readings where they are fresh, else the own ones. */
  over(own: readonly MetricReading[], now: number): readonly MetricReading[] {
    if (now - this.#at > SHARED_KEPT_MS) return own;
    return own.map((reading) => {
      const shared = this.#readings.get(idOf(reading)) ?? reading;
      if (!OWN.has(reading.metric)) return shared;
      // A feed that fell silent before anybody looked: who never stops counting knows since when.
      return reading.at === null ? { ...reading, at: shared.at } : reading;
    });
  }
}
