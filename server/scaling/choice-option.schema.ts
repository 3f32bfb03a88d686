import type { Subject } from './choice-terms.schema';

/** Something known of an option, in our words, and where its makers say so. */
export interface OptionFact {
  about:
    | 'residency'
    | 'throughput'
    | 'ordering'
    | 'retention'
    | 'guarantee'
    | 'state'
    | 'freshness'
    | 'people';
  text: string;
  source: string;
}

/** Limits that a comparison reckons with; absent: none that matters here. */
export interface OptionLimits {
  /** runs on machines of one's own */
  ownMachines: boolean;
  /** events/s one installation takes */
  eventsPerSecond?: number;
  /** events/s and bytes/s of one unit of order (a partition or shard) */
  perUnit?: { eventsPerSecond: number; bytesPerSecond: number };
  retentionDays?: number;
  /** what must be kept fits into memory, GB */
  memoryGb?: number;
  /** servers of its own that somebody must run */
  ownServers: boolean;
  /** can be bought as a service */
  managed: boolean;
  /** each event changes state once, failures included */
  exactlyOnce?: boolean;
  stateGb?: number;
  /** best freshness with that guarantee, seconds */
  freshnessSeconds?: number;
  /** what comes later than allowed can be kept apart */
  lateKept?: boolean;
}

export interface ChoiceOption {
  key: string;
  subject: Subject;
  name: string;
  about: string;
  limits: OptionLimits;
  facts: readonly OptionFact[];
}
