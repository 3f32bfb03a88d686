import type { RoomState } from './room';
import type { Publish, TopicSource } from './topic-source';

const EVERY_MS = 1_000;

/** What a room of readings shows: asked for once a second. */
export interface SampledReader {
  sample(): Promise<RoomState>;
}

/** A room whose data is read once a second while somebody looks, and pushed whole. */
export class SampledSource implements TopicSource {
  readonly #publish: Publish;
  readonly #reader: SampledReader;
  readonly #timer: NodeJS.Timeout;
  #last: Promise<RoomState>;
  #busy = false;

  constructor(publish: Publish, reader: SampledReader) {
    this.#publish = publish;
    this.#reader = reader;
    this.#last = reader.sample();
    this.#last.catch(() => undefined);
    this.#timer = setInterval(() => void this.#sample(), EVERY_MS).unref();
  }

  snapshot(): Promise<RoomState> {
    return this.#last;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const state = await this.#reader.sample();
      this.#last = Promise.resolve(state);
      this.#publish('whole', state.at, state.data);
    } catch {
      // The reader tells what it cannot read; a room whose reader fails stands still and greys.
    } finally {
      this.#busy = false;
    }
  }
}
