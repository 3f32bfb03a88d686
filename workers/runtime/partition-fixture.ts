import type { LoadedPartition } from './partition-memory';

/** What is loaded of a partition that holds nothing yet, for tests to which only its place matters. */
export const EMPTY_PARTITION: LoadedPartition = {
  epoch: '1',
  offset: {},
  clock: {},
  aggregates: null,
  sent: {},
  inbox: {},
  consentVersion: null,
  consent: {},
  sequence: null,
};
