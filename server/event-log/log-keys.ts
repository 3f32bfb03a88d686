/** Names of the keys in the log Redis (docs/adr/0001). Everything of a partition shares one hash tag. */

/** What a processor group has: its own offset and epoch on every partition. */
export type ProcessorGroup = 'main' | 'archive';

export const partitionTag = (shardId: number, partition: number): string => `{${shardId}.${partition}}`;
export const logKey = (shardId: number, partition: number): string => `{${shardId}.${partition}}:log`;
export const countKey = (shardId: number, partition: number): string => `{${shardId}.${partition}}:n`;
export const offsetKey = (shardId: number, partition: number, group: ProcessorGroup): string =>
  `{${shardId}.${partition}}:offset:${group}`;
export const deadLetterLogKey = (shardId: number): string => `{${shardId}.dl}:log`;
export const deadLetterCountKey = (shardId: number): string => `{${shardId}.dl}:n`;
/** Partitions of a shard that ever held a record. */
export const partitionsKey = (shardId: number): string => `{${shardId}}:partitions`;

/** Channel of the queue Redis on which an append says where it put something: `s.p`. */
export const DOORBELL_CHANNEL = 'doorbell';
