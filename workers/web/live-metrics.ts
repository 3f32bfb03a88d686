import type { LiveServer } from '@/server/live';
import { Gauge, type MetricsRegistry } from '@/server/platform/metrics';

/** Figures of live push, read when they are asked for. */
export function registerLiveMetrics(registry: MetricsRegistry, live: LiveServer): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('millrace_live_sockets', 'Sockets that are open', () => live.sockets);
  gauge('millrace_live_rooms', 'Rooms that somebody is in', () => live.hub.rooms);
  gauge(
    'millrace_live_updates_skipped',
    'Updates not sent to clients too slow for them',
    () => live.hub.skipped,
  );
}
