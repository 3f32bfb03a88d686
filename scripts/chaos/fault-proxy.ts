import { createServer, connect as openSocket, type Server, type Socket } from 'node:net';

interface Link {
  client: Socket;
  server: Socket;
  /** bytes are taken and thrown away, as by a peer that vanished without a word */
  isDead: boolean;
}

/**
 * A TCP proxy that can be made a bad network: slow, cut, or with connections whose other end is gone and does not say so.
 * It knows nothing of what it carries.
 */
export class FaultProxy {
  readonly #server: Server;
  readonly #links = new Set<Link>();
  readonly #targetPort: number;
  #delayMs = 0;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    // Without this a side that has finished sending would end the other direction too.
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#join(client));
  }

  /** Listens on a free port of the loopback interface and carries to `targetPort`. */
  static async listen(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy does not listen.');
    return address.port;
  }

  get connections(): number {
    return this.#links.size;
  }

  /** Every piece, in either direction, arrives this much later; 0: at once. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Resets every connection. New ones are taken. @returns how many there were */
  cut(): number {
    const links = [...this.#links];
    for (const link of links) this.#reset(link);
    return links.length;
  }

  /**
   * The connections there are go silent without being closed: neither end hears of the other again. New ones work.
   * @returns resets those that are still open
   */
  halfOpen(): () => void {
    const silent = [...this.#links];
    for (const link of silent) {
      link.isDead = true;
      // As far as the server can see, the client is gone; the client sees nothing.
      link.server.destroy();
    }
    return () => {
      for (const link of silent) this.#reset(link);
    };
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    const server = openSocket({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const link: Link = { client, server, isDead: false };
    this.#links.add(link);
    client.setNoDelay(true);
    server.setNoDelay(true);
    this.#carry(link, client, server);
    this.#carry(link, server, client);
  }

  #carry(link: Link, from: Socket, to: Socket): void {
    let queue: Promise<void> = Promise.resolve();
    const inTurn = (act: () => void) => {
      if (this.#delayMs === 0) {
        queue = queue.then(act);
        return;
      }
      const due = Date.now() + this.#delayMs;
      queue = queue.then(() => later(due)).then(act);
    };
    from.on('data', (chunk) => {
      if (link.isDead) return;
      inTurn(() => {
        if (!link.isDead && to.writable) to.write(chunk);
      });
    });
    from.on('end', () => {
      if (!link.isDead) inTurn(() => to.end());
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      if (link.isDead && from === link.server) return;
      this.#reset(link);
    });
  }

  #reset(link: Link): void {
    if (!this.#links.delete(link)) return;
    for (const socket of [link.client, link.server]) if (!socket.destroyed) socket.resetAndDestroy();
  }
}

function later(due: number): Promise<void> {
  const ms = due - Date.now();
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
