import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import { Counter, type MetricsRegistry } from '@/server/platform/metrics';
import { type OperatorTotals, writeOperators } from '@/server/scaling';
import { OperatorSampler } from './operator-sampler';

/** The samplers of a process, one a shard; they outlive the processors, which are made anew with every change of rules. */
export class OperatorSamplers {
  readonly #id = randomUUID();
  readonly #samplers = new Map<number, OperatorSampler>();
  readonly #told = new Map<string, OperatorTotals>();
  readonly #counters;

  constructor(registry: MetricsRegistry) {
    const labels = { labelNames: ['operator'] as const, registers: [registry] };
    this.#counters = {
      events: new Counter({
        name: 'millrace_operator_followed_events_total',
        help: 'Followed events (one in 32) that came to the operator',
        ...labels,
      }),
      seconds: new Counter({
        name: 'millrace_operator_seconds_total',
        help: 'Time the operator had followed events in hand',
        ...labels,
      }),
      errors: new Counter({
        name: 'millrace_operator_errors_total',
        help: 'Records at which the operator threw',
        ...labels,
      }),
    };
  }

  of(shardId: number): OperatorSampler {
    let sampler = this.#samplers.get(shardId);
    if (sampler === undefined) {
      sampler = new OperatorSampler();
      this.#samplers.set(shardId, sampler);
    }
    return sampler;
  }

  /** Tells the console and `/metrics` what was measured since the last time. */
  async tell(queueRedis: Redis, now: Clock): Promise<void> {
    const standings = [...this.#samplers].map(
      ([shardId, sampler]) => [shardId, sampler.standing(now())] as const,
    );
    for (const [shardId, { operators }] of standings) {
      for (const [operator, totals] of Object.entries(operators)) this.#count(shardId, operator, totals);
    }
    await writeOperators(queueRedis, this.#id, standings);
  }

  #count(shardId: number, operator: string, totals: OperatorTotals): void {
    const key = `${shardId} ${operator}`;
    const { events, ms, errors } = this.#told.get(key) ?? { events: 0, ms: 0, errors: 0 };
    this.#counters.events.inc({ operator }, totals.events - events);
    this.#counters.seconds.inc({ operator }, (totals.ms - ms) / 1_000);
    this.#counters.errors.inc({ operator }, totals.errors - errors);
    this.#told.set(key, { ...totals });
  }
}
