import { Writable } from 'node:stream';
import type { Connection, Submittable } from 'pg';

/** What a COPY sends rows by; the driver has it, its typings do not. */
type CopyConnection = Connection & {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
};

/**
 * A `COPY … FROM STDIN` as a stream to write its rows to: `client.query(new CopyInto(sql))`. It finishes when the server
 * has taken everything, and fails with the server's own words as soon as it refuses a row.
 */
export class CopyInto extends Writable implements Submittable {
  private connection: CopyConnection | undefined;
  /** What waits for the server: to be ready for rows, or to have taken the last. */
  private ready: (() => void) | undefined;
  private finished: (() => void) | undefined;

  constructor(private readonly text: string) {
    super();
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  override _construct(callback: (error?: Error | null) => void): void {
    this.ready = () => callback();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.connection?.sendCopyFromChunk(chunk);
    if (this.connection?.stream.writableNeedDrain) this.connection.stream.once('drain', callback);
    else callback();
  }

  override _final(callback: () => void): void {
    this.finished = callback;
    this.connection?.endCopyFrom();
  }

  /** Given up from this end: the server must not wait for rows that never come. */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (error !== null) this.connection?.sendCopyFail('given up');
    this.connection = undefined;
    callback(error);
  }

  handleCopyInResponse(connection: Connection): void {
    this.connection = connection as CopyConnection;
    this.ready?.();
  }

  handleError(error: Error): void {
    // The server has ended the copy by itself.
    this.connection = undefined;
    this.ready?.();
    this.destroy(error);
  }

  handleReadyForQuery(): void {
    this.connection = undefined;
    this.finished?.();
  }

  handleCommandComplete(): void {
    // The end is what ReadyForQuery says.
  }
}
