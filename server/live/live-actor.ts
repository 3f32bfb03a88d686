export type { SessionReader, SignedIn as LiveActor } from '@/server/identity';
