/** Durations in milliseconds. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The window of live figures about carts and orders: long enough to hold some, short enough to show a turn. */
export const LIVE_WINDOW_MS = 10 * MINUTE_MS;
