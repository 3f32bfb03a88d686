import type { Flush } from '../event-log';
import { countKey, deadLetterCountKey, deadLetterLogKey, logKey, partitionsKey } from '../log-keys';
import { idPlace } from '../message-hash';
import type { DedupKeys } from '../message-ids';

interface Pack {
  json: string;
  count: number;
  indexes: string;
}

/** A dead letter that cannot be told when it comes again. */
const UNRECOGNISED = { idBucket: '', idValue: '' };

/** Keys and arguments of the append script for one flush. On a cluster every key lies in the partition's slot. */
export function appendArguments(
  { shardId, events, deadLetters }: Flush,
  ids: DedupKeys,
  wholeShard: boolean,
): { keys: string[]; args: (string | number)[] } {
  const packs = new Map<number, Pack>();
  const keys = wholeShard
    ? [ids.live, ids.counts, partitionsKey(shardId), deadLetterLogKey(shardId), deadLetterCountKey(shardId)]
    : [ids.live, ids.counts, ids.live, ids.live, ids.live];
  const args: (string | number)[] = [ids.prefix, events.length, 0, deadLetters.length];
  args.push(wholeShard ? '1' : '0');
  for (let index = 0; index < events.length; index += 1) {
    const event = events[index];
    if (event === undefined) continue;
    args.push(event.idBucket, event.idValue);
    const pack = packs.get(event.partition);
    if (pack === undefined) {
      packs.set(event.partition, { json: `[${event.json}`, count: 1, indexes: `${index}` });
      continue;
    }
    pack.json += `,\n${event.json}`;
    pack.count += 1;
    pack.indexes += `,${index}`;
  }
  args[2] = packs.size;
  for (const [partition, pack] of packs) {
    keys.push(logKey(shardId, partition), countKey(shardId, partition));
    args.push(partition, `${pack.json}]`, pack.count, pack.indexes);
  }
  for (const letter of deadLetters) {
    const { idBucket, idValue } = letter.rk === undefined ? UNRECOGNISED : idPlace(letter.rk);
    args.push(idBucket, idValue, JSON.stringify(letter));
  }
  return { keys, args };
}
