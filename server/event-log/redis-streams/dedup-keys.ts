import { partitionTag } from '../log-keys';

/** Sub-buckets of a generation: an integer set of a few thousand ids inserts in well under a microsecond. */
export const ID_BUCKETS = 4096;

export interface DedupKeys {
  /** ids of generation g, bucket b: `<prefix>g:b` */
  prefix: string;
  live: string;
  counts: string;
  starts: string;
}

/** Keys of recent message ids: of the shard, or of one partition where a call must stay in one slot. */
export function dedupKeys(shardId: number, partition?: number): DedupKeys {
  const tag = partition === undefined ? `{${shardId}.ids}:` : `${partitionTag(shardId, partition)}:ids:`;
  return { prefix: tag, live: `${tag}live`, counts: `${tag}counts`, starts: `${tag}starts` };
}
