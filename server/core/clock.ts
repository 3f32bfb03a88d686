/** A source of wall-clock time in milliseconds since the epoch, injected wherever time is read. */
export type Clock = () => number;
