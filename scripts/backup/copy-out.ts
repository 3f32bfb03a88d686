import { Readable } from 'node:stream';
import type { Connection, Submittable } from 'pg';

/**
 * The rows of a `COPY … TO STDOUT` as bytes: `client.query(new CopyOut(sql))`. The server is made to wait while the
 * reader is slow. (A stream that asks for more while it is given something must not then be put to sleep: it would
 * never ask again.)
 */
export class CopyOut extends Readable implements Submittable {
  private connection: Connection | undefined;
  private asked = false;

  constructor(private readonly text: string) {
    super();
  }

  submit(connection: Connection): void {
    this.connection = connection;
    connection.query(this.text);
  }

  override _read(): void {
    this.asked = true;
    this.connection?.stream.resume();
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.asked = false;
    // A copy: the connection reads its next bytes into the same memory.
    const wantsMore = this.push(Buffer.from(chunk));
    if (!wantsMore && !this.asked) this.connection?.stream.pause();
  }

  handleCommandComplete(): void {
    this.push(null);
  }

  handleReadyForQuery(): void {
    this.connection = undefined;
  }

  handleError(error: Error): void {
    this.destroy(error);
  }
}
