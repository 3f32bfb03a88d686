import type { Percentiles } from './percentiles';

/** What the process of many screens is told. */
export interface DashboardOptions {
  /** of the console */
  url: string;
  cookie: string;
  room: string;
  clients: number;
  /** from the last one's joining until measuring begins */
  settleSeconds: number;
  seconds: number;
}

export interface DashboardFigures {
  clients: number;
  /** sockets that were closed by the other end */
  closed: number;
  updatesPerSecondEach: number;
  /** characters */
  bytesPerUpdate: number;
  /** from the moment an aggregate was computed until a client has it, over all clients and updates, ms */
  pushMs: Percentiles;
  /** age of the newest event in an update when a client has it, ms */
  ageMs: Percentiles;
}
