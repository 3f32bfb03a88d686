import { io, type Socket } from 'socket.io-client';
import { type JoinAnswer, LIVE_EVENTS, type RoomUpdate } from '@/server/live/live.schema';
import type { LagBoardSnapshot } from '@/server/scaling/lag-board.schema';
import type { OwnProduct } from '../own-product';
import { signIn } from './opt-out-doors';

type Listener = (snapshot: LagBoardSnapshot) => void;

/** A person of ops who keeps the lag board open: every snapshot that is pushed. */
export class LagBoardWatch {
  readonly #socket: Socket;
  readonly #listeners = new Set<Listener>();
  latest: LagBoardSnapshot | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on(LIVE_EVENTS.updated, (update: RoomUpdate) => this.#take(update));
  }

  static async open(product: OwnProduct): Promise<LagBoardWatch> {
    const cookie = await signIn(product, 'ops');
    const answer = await fetch(`${product.consoleUrl}/api/v1/workspace`, {
      headers: { authorization: `Bearer ${product.keys.apiKey}` },
    });
    const { id } = (await answer.json()) as { id: string };
    const socket = io(product.consoleUrl, {
      transports: ['websocket'],
      extraHeaders: { cookie, origin: product.consoleUrl },
    });
    const watch = new LagBoardWatch(socket);
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', resolve);
      socket.on('connect_error', reject);
    });
    const joined: JoinAnswer = await socket
      .timeout(10_000)
      .emitWithAck(LIVE_EVENTS.join, { room: `ws:${id}:lag` });
    if (!joined.ok) throw new Error(`the room of the lag board: ${joined.message}`);
    for (const update of joined.updates) watch.#take(update);
    return watch;
  }

  /** Tells every snapshot until it is undone. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#socket.close();
  }

  #take(update: RoomUpdate): void {
    this.latest = update.data as LagBoardSnapshot;
    for (const listener of this.#listeners) listener(this.latest);
  }
}
