import { describe, expect, it } from 'vitest';
import { plainEvent } from '@/server/event-log/event-fixture';
import { createProcessor, lexiconSentiment, NO_RULES } from '@/server/processors';
import { SETTINGS } from '@/server/processors/pump-fixtures';
import type { PartitionSnapshot } from '../snapshots/partition-snapshot';
import { PartitionReplay } from './partition-replay';

/** A snapshot of an empty partition that holds these flags. */
const snapshotWith = (consent: Record<string, string>): PartitionSnapshot => ({
  ...{ version: 1, shardId: 1, partition: 0, takenAt: 1_000, offset: {}, archived: '0-0', clock: {} },
  ...{
    aggregates: null,
    sequence: null,
    consentVersion: null,
    states: {},
    parts: {},
    redirects: {},
    consent,
  },
  ...{ queue: {}, cooldowns: {}, sent: {}, inbox: {}, timers: [], outbox: [], log: [], out: [] },
});

const replayOf = (consent: Record<string, string>) =>
  new PartitionReplay(
    { shardId: 1, partition: 0, partitions: 1 },
    snapshotWith(consent),
    createProcessor({
      settings: SETTINGS,
      ruleSet: NO_RULES,
      sentiment: lexiconSentiment,
      workspaceId: 'ws_test',
    }),
  );

describe('consent flags of a snapshot', () => {
  it.each(['{"denied":', '7', '{"denied":"profiling","v":3}', 'null'])(
    'deny everything where they cannot be read, as everywhere: %s',
    (text) => {
      const replay = replayOf({ anna: text, ben: '{"denied":["marketing"],"v":4}' });
      expect(replay.set.consent.get('anna')).toEqual({ denied: ['profiling'], v: 0 });
      expect(replay.set.consent.get('ben')).toEqual({ denied: ['marketing'], v: 4 });
      const records = ['anna', 'ben'].map((customer, index) => ({
        position: `${index + 1}-0/0`,
        loggedAt: 2_000,
        record: plainEvent(`m-${index}`, customer),
      }));
      replay.take(records, new Set());
      expect(Object.keys(replay.texts().states)).toEqual(['ben']);
    },
  );
});
