export * from './event-log';
export * from './log-keys';
export { encodeEvent, serialiseEvent } from './message-hash';
export * from './records';
export { RedisEventLog, type RedisEventLogOptions } from './redis-streams/redis-event-log';
