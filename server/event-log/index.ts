export * from './event-log';
export { LogGuard, type LogGuardOptions } from './log-guard';
export * from './log-keys';
export { encodeEvent, refusalDigest } from './message-hash';
export * from './records';
export { readDedupCoverage } from './redis-streams/dedup-coverage';
export { RedisEventLog, type RedisEventLogOptions } from './redis-streams/redis-event-log';
