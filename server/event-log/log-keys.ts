/** Names of the keys in the log Redis (docs/adr/0001). Everything of a partition shares one hash tag. */

/** What a processor group has: its own offset and epoch on every partition. */
export type ProcessorGroup = 'main' | 'archive';

export const partitionTag = (shardId: number, partition: number): string => `{${shardId}.${partition}}`;
export const logKey = (shardId: number, partition: number): string => `{${shardId}.${partition}}:log`;
export const countKey = (shardId: number, partition: number): string => `{${shardId}.${partition}}:n`;
export const offsetKey = (shardId: number, partition: number, group: ProcessorGroup): string =>
  `{${shardId}.${partition}}:offset:${group}`;
export const epochKey = (shardId: number, partition: number, group: ProcessorGroup): string =>
  `{${shardId}.${partition}}:epoch:${group}`;
/** Claims of appends to a log that stands elsewhere (ADR 6): those on their way, those not processed, their numbering. */
export const pendingClaimsKey = (shardId: number, partition: number): string =>
  `{${shardId}.${partition}}:pending`;
export const claimsKey = (shardId: number, partition: number): string => `{${shardId}.${partition}}:claims`;
export const claimNumberingKey = (shardId: number, partition: number): string =>
  `{${shardId}.${partition}}:claim`;
/** Ids of entries that were committed without effect. */
export const refusedEntriesKey = (shardId: number, partition: number): string =>
  `{${shardId}.${partition}}:refused`;
export const deadLetterLogKey = (shardId: number): string => `{${shardId}.dl}:log`;
export const deadLetterCountKey = (shardId: number): string => `{${shardId}.dl}:n`;
/** Partitions of a shard that ever held a record. */
export const partitionsKey = (shardId: number): string => `{${shardId}}:partitions`;

/** Channel of the queue Redis on which an append says where it put something: `s.p`. */
export const DOORBELL_CHANNEL = 'doorbell';
