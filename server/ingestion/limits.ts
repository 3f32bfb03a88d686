/** What one event, one request and one key may be at most. Bytes are of the decoded body. */
export const MAX_EVENT_BYTES = 32 * 1024;
export const MAX_BODY_BYTES = 500 * 1024;
export const MAX_BATCH_EVENTS = 5_000;
/** What the context of a batch may come to, all its events taken together, since each of them has it. */
export const MAX_SHARED_CONTEXT_BYTES = 8 * 1024 * 1024;
export const MAX_NAME_LENGTH = 512;
export const MAX_DEPTH = 16;
export const MAX_KEYS = 1_000;
/** Clocks that differ by more than this are corrected by `sentAt`. */
export const SKEW_MS = 60_000;
/** Events further ahead than this are refused. */
export const FUTURE_MS = 5 * 60_000;
