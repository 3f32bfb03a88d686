import type { Client, Submittable } from 'pg';

/** The part of the driver's connection that a COPY speaks to. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** One `COPY … FROM STDIN` of text that is at hand whole, as a query of the driver. */
class CopyIn implements Submittable {
  constructor(
    readonly text: string,
    readonly data: Buffer,
    readonly done: (error: Error | null) => void,
  ) {}

  submit(connection: unknown): void {
    (connection as CopyConnection).query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.data);
    connection.endCopyFrom();
  }

  handleError(error: Error): void {
    this.done(error);
  }

  handleReadyForQuery(): void {
    this.done(null);
  }

  handleCommandComplete(): void {
    // The end is what ReadyForQuery says.
  }

  handleRowDescription(): void {
    // A COPY answers no rows.
  }
}

/**
 * Copies lines of COPY text into a table within the client's transaction.
 * @throws the server's error; the transaction is then failed
 */
export function copyIn(
  client: Pick<Client, 'query'>,
  table: string,
  columns: string,
  data: Buffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null) => (error ? reject(error) : resolve());
    client.query(new CopyIn(`COPY ${table} (${columns}) FROM STDIN`, data, done));
  });
}
