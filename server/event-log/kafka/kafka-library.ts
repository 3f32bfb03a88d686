import { join } from 'node:path';
import type * as library from '@platformatic/kafka';

type KafkaLibrary = typeof library;

let loaded: KafkaLibrary | undefined;

/**
 * The library of the client, read when a log on Kafka is first opened: reading it takes a process more than a second
 * of CPU, which one whose log is on Redis need not spend at its start. By `require`, so that opening stays synchronous,
 * and out of the bundler's sight, which would read it at once.
 */
export function kafkaLibrary(): KafkaLibrary {
  loaded ??= load();
  return loaded;
}

function load(): KafkaLibrary {
  const { createRequire } = process.getBuiltinModule('node:module');
  return createRequire(join(process.cwd(), 'package.json'))('@platformatic/kafka');
}
