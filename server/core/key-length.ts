/** Longest customer key, message id or other id of an event, in characters: what the collector takes can be asked for. */
export const MAX_KEY_LENGTH = 512;
