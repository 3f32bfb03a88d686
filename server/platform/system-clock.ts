import type { Clock } from '@/server/core/clock';

/** The machine's own clock, handed to whatever needs the time by the roots of the processes. */
export const systemClock: Clock = () => Date.now();
