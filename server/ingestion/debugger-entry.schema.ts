/** One line of the live debugger: what arrived, and what became of it. Masked before it leaves the collector. */
export interface DebuggerEntry {
  /** of this line, for keeping lines apart */
  id: string;
  /** receipt, ms */
  at: number;
  sourceId: string;
  outcome: 'taken' | 'duplicate' | 'refused';
  type: string;
  name: string;
  customer: string;
  messageId: string;
  reason?: string;
  field?: string;
  detail?: string;
  sample: string;
  /** entries left out since the last one, because more came than anyone can read */
  skipped: number;
}

/** Where clients send, for the snippets. */
export interface CollectorAddress {
  /** whole address when it is set; else the console's host at this port */
  port: number;
  secure: boolean;
  /** write key of the demo, where this workspace is the demo's */
  demoKey: string | null;
}
